package engram.service;

import engram.memory.redis.RedisMemoryStores;
import engram.memory.space.MemoryWrites;
import engram.memory.space.SpaceSettings;
import engram.memory.space.Spaces;
import engram.replay.SpaceSamples;
import engram.run.Runs;
import engram.service.access.AccessControl;
import engram.service.access.AuditLog;
import engram.service.access.KeyRegistry;
import engram.service.access.Keys;
import engram.service.access.LastUses;
import engram.service.access.RateLimit;
import engram.service.agents.AgentService;
import engram.service.environments.EnvironmentInstances;
import engram.service.environments.EnvironmentMeters;
import engram.service.environments.OfferedEnvironments;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.redis.client.Redis;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Hands the parts of the engine to those who ask for them. */
final class Wiring {
    @Produces
    @Singleton
    Engine engine(
            ServiceSettings settings,
            Clock clock,
            Observations observations,
            MeterRegistry meters,
            Instance<Redis> redis) {
        Engine engine = new Engine(
                settings,
                clock,
                stores -> new ObservedStores(stores, observations),
                redisSettings -> new RedisMemoryStores(redis.get(), redisSettings, clock),
                stores -> new Outages(stores, settings.dataDir().toAbsolutePath(), settings, meters),
                new EnvironmentMeters(meters));
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
    SpaceSamples spaceSamples() {
        return new SpaceSamples();
    }

    @Produces
    @Singleton
    KeyRegistry keyRegistry(Engine engine) {
        return new KeyRegistry(engine.documents(), engine.documentCopies());
    }

    @Produces
    @Singleton
    LastUses lastUses(Engine engine, Clock clock) {
        return new LastUses(engine.documents(), clock);
    }

    @Produces
    @Singleton
    Keys keys(KeyRegistry registry, LastUses uses, Clock clock) {
        return new Keys(registry, uses, clock);
    }

    @Produces
    @Singleton
    AccessControl accessControl(
            KeyRegistry registry,
            LastUses uses,
            ServiceSettings settings,
            @ConfigProperty(name = "quarkus.http.host") String host,
            Clock clock) {
        ServiceSettings.Access access = settings.access();
        // Beyond the loopback nothing is open, not even when the last key is revoked while the service runs.
        boolean exposed = !Exposure.isLoopback(host) && !access.allowUnauthenticated();
        return new AccessControl(
                registry,
                uses,
                access.required() || exposed,
                new RateLimit(access.rate(), access.burst()),
                clock,
                System::nanoTime);
    }

    @Produces
    @Singleton
    AuditLog auditLog(Engine engine, Clock clock) {
        return new AuditLog(engine.directory().resolve("audit.log"), clock);
    }

    @Produces
    @Singleton
    MemoryWrites writes(Engine engine) {
        return engine.writes();
    }

    @Produces
    @Singleton
    AgentService agents(Engine engine) {
        return engine.agents();
    }

    @Produces
    @Singleton
    OfferedEnvironments environments(Engine engine) {
        return engine.environments();
    }

    @Produces
    @Singleton
    EnvironmentInstances instances(Engine engine, MeterRegistry meters) {
        EnvironmentInstances instances = engine.instances();
        Gauge.builder("engram.environment.instances", instances, EnvironmentInstances::count)
                .description("Instances of environments that clients have over REST")
                .register(meters);
        return instances;
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
