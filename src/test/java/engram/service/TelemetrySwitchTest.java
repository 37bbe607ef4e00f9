package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetrySwitchTest {
    private static final String DISABLED = "quarkus.otel.sdk.disabled";

    @Test
    void staysOffWithoutACollector() {
        assertThat(disabled(Map.of())).isTrue();
    }

    @Test
    void staysOffWithABlankCollector() {
        assertThat(disabled(Map.of("otel.exporter.otlp.endpoint", " "))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "otel.exporter.otlp.endpoint",
                "otel.exporter.otlp.traces.endpoint",
                "quarkus.otel.exporter.otlp.endpoint",
                "quarkus.otel.exporter.otlp.traces.endpoint"
            })
    void goesOnWithACollector(String key) {
        assertThat(disabled(Map.of(key, "http://collector:4317"))).isFalse();
    }

    @Test
    void theUsersOwnSettingWins() {
        assertThat(disabled(Map.of("otel.exporter.otlp.endpoint", "http://collector:4317", DISABLED, "true")))
                .isTrue();
        assertThat(disabled(Map.of(DISABLED, "false"))).isFalse();
    }

    private static boolean disabled(Map<String, String> users) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withInterceptors(new TelemetrySwitch())
                .withSources(new PropertiesConfigSource(
                        Map.of(DISABLED, "true", "quarkus.otel.exporter.otlp.endpoint", "http://localhost:4317"),
                        "packaged",
                        250))
                .withSources(new PropertiesConfigSource(users, "user", 300))
                .build();
        return config.getValue(DISABLED, Boolean.class);
    }
}
