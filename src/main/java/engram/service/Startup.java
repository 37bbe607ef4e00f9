package engram.service;

import engram.error.EngramException;
import engram.error.Unavailable;
import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.service.access.KeyRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Begins the service: refuses what must not run, opens the memory, then opens every space in the background, after which
 * the service is ready.
 */
@Singleton
public final class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);

    /** How often a store that cannot be reached is asked again. */
    private static final Duration RETRY_EVERY = Duration.ofSeconds(1);

    private final ServiceSettings settings;
    private final String host;
    private final Instance<Engine> engine;
    private final Instance<KeyRegistry> keys;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile boolean ready;
    private volatile boolean waiting;
    private volatile boolean stopping;

    Startup(
            ServiceSettings settings,
            @ConfigProperty(name = "quarkus.http.host") String host,
            Instance<Engine> engine,
            Instance<KeyRegistry> keys) {
        this.settings = settings;
        this.keys = keys;
        this.host = host;
        this.engine = engine;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        try {
            Exposure.check(host, settings.access().allowUnauthenticated(), () -> keys.get()
                    .hasKeys());
            EffectiveSettings.log();
            Spaces spaces = engine.get().spaces();
            // Now and not with the first request: keys that are damaged stop the start, and reading them may take a
            // while.
            keys.get();
            Thread.ofPlatform().daemon().name("engram-open").start(() -> open(spaces));
        } catch (EngramException e) {
            // Printed as it is, without a stack trace: a person can mend it. Halted, for nothing is written yet that an
            // orderly stop would keep, and the framework waits for a signal after a refusal by exception.
            System.err.println("engram does not start: " + e.getMessage());
            System.err.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    /** Commands that find the data directory in use learn where to ask. */
    void listening(@ObservesAsync HttpServerStart event) {
        ServiceAddress.of(host, event.options().getPort()).ifPresent(engine.get()::announce);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        ready = false;
        // Before the connections to Redis are closed, which happens before the engine is.
        engine.get().stopLearning();
    }

    /** Whether every space is open, its encoders loaded, and the service not stopping. */
    boolean isReady() {
        return ready && !stopping;
    }

    /** Whether the store has to be reached before the spaces can be opened. */
    boolean isWaiting() {
        return waiting && !stopping;
    }

    /** The spaces that could not be opened, with the reason. */
    List<String> failures() {
        return failures;
    }

    private void open(Spaces spaces) {
        Supplier<List<String>> names = () -> {
            engine.get().tidyUp();
            return spaces.names();
        };
        for (String name : whenReached("the names of the spaces", names).orElse(List.of())) {
            try {
                whenReached("space " + name, () -> spaces.open(name));
            } catch (RuntimeException e) {
                LOG.errorf(e, "space %s cannot be opened", name);
                failures.add("space '" + name + "' cannot be opened: " + e.getMessage());
            }
        }
        if (stopping) {
            return;
        }
        for (String problem : spaces.problems()) {
            LOG.warn(problem);
        }
        ready = true;
        warmUp(spaces);
    }

    /** What a store answers, once it can be reached; empty if the service is stopped before. */
    private <T> Optional<T> whenReached(String what, Supplier<T> question) {
        while (!stopping) {
            try {
                T answer = question.get();
                waiting = false;
                return Optional.of(answer);
            } catch (Unavailable e) {
                if (!waiting) {
                    LOG.warnf("%s: %s; the service waits for it", what, e.getMessage());
                }
                waiting = true;
                LockSupport.parkNanos(RETRY_EVERY.toNanos());
            }
        }
        return Optional.empty();
    }

    private void warmUp(Spaces spaces) {
        for (Space space : spaces.opened()) {
            try {
                if (stopping) {
                    return;
                }
                space.warmUp();
            } catch (RuntimeException e) {
                LOG.debugf(e, "space %s is not warm", space.name());
            }
        }
    }
}
