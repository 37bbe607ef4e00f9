package engram.service.guard;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** What the guards did, as metrics. Thread-safe. */
public final class GuardMeters {
    private final MeterRegistry registry;
    private final Counter opened;
    private final Map<StoreGuards.Kind, Of> kinds = new EnumMap<>(StoreGuards.Kind.class);

    public GuardMeters(MeterRegistry registry) {
        this.registry = registry;
        this.opened = Counter.builder("engram.guard.breaker.opened")
                .description("How often the store was found to be away")
                .register(registry);
        for (StoreGuards.Kind kind : StoreGuards.Kind.values()) {
            kinds.put(kind, new Of(registry, kind));
        }
    }

    void away(BooleanSupplier away) {
        Gauge.builder("engram.guard.away", away, is -> is.getAsBoolean() ? 1 : 0)
                .description("1 while the store is known to be away")
                .strongReference(true)
                .register(registry);
    }

    void opened() {
        opened.increment();
    }

    /** How often the store was found to be away. */
    public long openings() {
        return (long) opened.count();
    }

    void failed(StoreGuards.Kind kind) {
        of(kind).failed.increment();
    }

    void timedOut(StoreGuards.Kind kind) {
        of(kind).timedOut.increment();
    }

    void rejected(StoreGuards.Kind kind) {
        of(kind).rejected.increment();
    }

    void prevented(StoreGuards.Kind kind) {
        of(kind).prevented.increment();
    }

    void retried(StoreGuards.Kind kind) {
        of(kind).retried.increment();
    }

    private Of of(StoreGuards.Kind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }

    private record Of(Counter failed, Counter timedOut, Counter rejected, Counter prevented, Counter retried) {
        Of(MeterRegistry registry, StoreGuards.Kind kind) {
            this(
                    calls(registry, kind, "failed"),
                    calls(registry, kind, "timeout"),
                    calls(registry, kind, "overload"),
                    calls(registry, kind, "away"),
                    Counter.builder("engram.guard.retries")
                            .description("Calls of the store that were made again")
                            .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }

        private static Counter calls(MeterRegistry registry, StoreGuards.Kind kind, String outcome) {
            return Counter.builder("engram.guard.refused")
                    .description("Calls of the store that failed: it did not answer (failed, timeout), it had too much"
                            + " to do (overload), it was not asked because it is known to be away (away)")
                    .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                    .tag("reason", outcome)
                    .register(registry);
        }
    }
}
