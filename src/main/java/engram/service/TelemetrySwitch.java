package engram.service;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Switches OpenTelemetry on where somebody configured a collector, so that {@code OTEL_EXPORTER_OTLP_ENDPOINT} alone is
 * enough, and leaves it off otherwise. A {@code quarkus.otel.sdk.disabled} that the user sets wins. Thread-safe.
 */
public final class TelemetrySwitch implements ConfigSourceInterceptor {
    private static final long serialVersionUID = 1L;

    private static final String DISABLED = "quarkus.otel.sdk.disabled";

    private static final List<String> ENDPOINTS = List.of(
            "otel.exporter.otlp.endpoint",
            "otel.exporter.otlp.traces.endpoint",
            "quarkus.otel.exporter.otlp.endpoint",
            "quarkus.otel.exporter.otlp.traces.endpoint");

    /** The packaged application.properties has 250; a file, a variable or a property of the user has more. */
    private static final int PACKAGED_ORDINAL = 250;

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue value = context.proceed(name);
        if (!DISABLED.equals(name)
                || setByUser(value)
                || ENDPOINTS.stream().noneMatch(key -> setByUser(context, key))) {
            return value;
        }
        return ConfigValue.builder().withName(DISABLED).withValue("false").build();
    }

    private static boolean setByUser(ConfigSourceInterceptorContext context, String name) {
        return setByUser(context.proceed(name));
    }

    private static boolean setByUser(@Nullable ConfigValue value) {
        return value != null
                && value.getConfigSourceOrdinal() > PACKAGED_ORDINAL
                && value.getValue() != null
                && !value.getValue().isBlank();
    }
}
