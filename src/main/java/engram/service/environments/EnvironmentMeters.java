package engram.service.environments;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Metrics of offered environments, by their names. What they are called is in {@code docs/operations.md}. Thread-safe. */
public final class EnvironmentMeters {
    private static final String TAG = "environment";

    private final MeterRegistry registry;
    private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

    public EnvironmentMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void watch(String name, Offer offer) {
        forget(name);
        List<Meter> made = new ArrayList<>();
        made.add(FunctionTimer.builder(
                        "engram.environment.step",
                        offer,
                        each -> each.health().uses().steps(),
                        each -> (double) each.health().uses().stepTime().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Steps of an offered environment that gave a valid result, and their time")
                .tag(TAG, name)
                .register(registry));
        made.add(counter(name, offer, "timeouts", "Calls that did not come back in time", each ->
                (double) each.uses().timeouts()));
        made.add(counter(name, offer, "crashes", "Calls that failed", each ->
                (double) each.uses().crashes()));
        made.add(counter(name, offer, "invalid", "Calls whose result was not valid", each ->
                (double) each.uses().invalid()));
        made.add(counter(name, offer, "restarts", "Times another instance took over", each ->
                (double) each.uses().restarts()));
        made.add(gauge(name, offer, "state", "0 healthy, 1 restarting, 2 away", EnvironmentMeters::state));
        made.add(gauge(name, offer, "connections", "Connections of its client", each -> (double) each.connections()));
        made.add(gauge(name, offer, "used", "Connections in use", each -> (double) each.inUse()));
        meters.put(name, made);
    }

    void forget(String name) {
        List<Meter> known = meters.remove(name);
        if (known != null) {
            known.forEach(registry::remove);
        }
    }

    private Meter counter(
            String name, Offer offer, String what, String description, ToDoubleFunction<OfferHealth> value) {
        return FunctionCounter.builder("engram.environment." + what, offer, each -> value.applyAsDouble(each.health()))
                .description(description)
                .tag(TAG, name)
                .register(registry);
    }

    private static double state(OfferHealth health) {
        return switch (health.uses().state()) {
            case HEALTHY -> 0;
            case RESTARTING -> 1;
            case AWAY -> 2;
        };
    }

    private Meter gauge(
            String name, Offer offer, String what, String description, ToDoubleFunction<OfferHealth> value) {
        return Gauge.builder("engram.environment." + what, offer, each -> value.applyAsDouble(each.health()))
                .description(description)
                .tag(TAG, name)
                .strongReference(true)
                .register(registry);
    }
}
