package engram.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What is measured and traced: ids and sizes only, never vectors or payloads. Names are documented in
 * {@code docs/operations.md}. Thread-safe.
 */
public final class Observations {
    private static final Duration[] LATENCIES = {
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    private final Tracer tracer;
    private final Timer recalls;
    private final Timer remembers;
    private final Timer searches;
    private final Timer commits;
    private final Counter memories;

    Observations(MeterRegistry meters, Tracer tracer) {
        this.tracer = tracer;
        this.recalls = timer(meters, "engram.recall", "A recall from its checked request to its answer");
        this.remembers = timer(meters, "engram.remember", "Storing a request's memories: embedding and commit");
        this.searches = timer(meters, "engram.store.search", "A search of the index and the reading of what it found");
        this.commits = timer(meters, "engram.store.commit", "A write until it is on disk and can be found");
        this.memories = Counter.builder("engram.memories.stored")
                .description("Memories that were stored")
                .register(meters);
    }

    private static Timer timer(MeterRegistry meters, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(LATENCIES)
                .register(meters);
    }

    /** Measures a recall. */
    public <T> T recall(String space, int k, Supplier<T> work) {
        return observed(tracer.spanBuilder("engram.recall").setAttribute("engram.k", k), space, recalls, work);
    }

    /** Measures the storing of memories. */
    public <T> T remember(String space, int size, Supplier<T> work) {
        return observed(
                tracer.spanBuilder("engram.remember").setAttribute("engram.size", size), space, remembers, work);
    }

    <T> T search(String space, int k, Supplier<T> work) {
        return observed(tracer.spanBuilder("engram.store.search").setAttribute("engram.k", k), space, searches, work);
    }

    <T> T commit(String space, int size, Supplier<T> work) {
        return observed(
                tracer.spanBuilder("engram.store.commit").setAttribute("engram.size", size), space, commits, work);
    }

    void stored(long count) {
        memories.increment((double) count);
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private static <T> T observed(SpanBuilder builder, String space, Timer timer, Supplier<T> work) {
        Span span = builder.setAttribute("engram.space", space).startSpan();
        long begun = System.nanoTime();
        try (Scope scope = span.makeCurrent()) {
            return work.get();
        } catch (RuntimeException e) {
            span.setStatus(StatusCode.ERROR, e.getClass().getSimpleName());
            throw e;
        } finally {
            timer.record(Duration.ofNanos(System.nanoTime() - begun));
            span.end();
        }
    }
}
