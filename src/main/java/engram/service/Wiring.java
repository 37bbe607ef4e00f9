package engram.service;

import engram.memory.space.SpaceSettings;
import engram.memory.space.Spaces;
import engram.run.Runs;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Hands the parts of the engine to those who ask for them. */
final class Wiring {
    @Produces
    @Singleton
    Engine engine(ServiceSettings settings, Clock clock, Observations observations, MeterRegistry meters) {
        Engine engine = new Engine(settings, clock, stores -> new ObservedStores(stores, observations));
        Gauge.builder("engram.spaces.open", engine, known -> known.spaces()
                        .opened()
                        .size())
                .description("Spaces that are open")
                .register(meters);
        return engine;
    }

    @Produces
    @Singleton
    Observations observations(MeterRegistry meters, Tracer tracer) {
        return new Observations(meters, tracer);
    }

    void close(@Disposes Engine engine) {
        engine.close();
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Spaces spaces(Engine engine) {
        return engine.spaces();
    }

    @Produces
    @Singleton
    Runs runs(Engine engine) {
        return engine.runs();
    }

    @Produces
    @Singleton
    SpaceSettings defaults(Engine engine) {
        return engine.defaults();
    }
}
