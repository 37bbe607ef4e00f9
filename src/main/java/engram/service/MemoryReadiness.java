package engram.service;

import engram.memory.space.Spaces;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means that the memory is open and the encoder of every space is loaded, or that this waits for a store that is
 * away, of which {@link StoreReadiness} tells. What is damaged is told, and which holder of the data directory this is, by
 * which commands recognise the service.
 */
@Readiness
final class MemoryReadiness implements HealthCheck {
    private static final int MOST = 20;

    private final Startup startup;
    private final Spaces spaces;
    private final Engine engine;
    private final StoreWatch store;

    MemoryReadiness(Startup startup, Spaces spaces, Engine engine, StoreWatch store) {
        this.startup = startup;
        this.spaces = spaces;
        this.engine = engine;
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("memory")
                .status(startup.isReady() || startup.isWaiting())
                .withData("spaces", spaces.opened().size())
                .withData("instance", engine.instance());
        List<String> problems = new ArrayList<>(startup.failures());
        problems.addAll(spaces.problems());
        problems.addAll(store.problems());
        if (!problems.isEmpty()) {
            response.withData("problems", String.join("\n", problems.subList(0, Math.min(MOST, problems.size()))));
        }
        return response.build();
    }
}
