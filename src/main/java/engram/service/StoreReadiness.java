package engram.service;

import engram.memory.deferred.DeferredStatus;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * What there is to know of a store outside the process: whether it is away, and what waits for it. Down only if nothing
 * can be served: the store is away and no write could be kept either.
 */
@Readiness
final class StoreReadiness implements HealthCheck {
    private static final int MOST = 20;

    private final Startup startup;
    private final Engine engine;

    StoreReadiness(Startup startup, Engine engine) {
        this.startup = startup;
        this.engine = engine;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("store");
        Outages outages = engine.outages().orElse(null);
        if (outages == null) {
            return response.up().withData("kind", "embedded").build();
        }
        boolean away = outages.isStoreAway() || startup.isWaiting();
        DeferredStatus waiting = outages.waiting();
        response.status(!away || outages.takesWrites())
                .withData("breaker", away ? "open" : "closed")
                .withData("opened", outages.openings())
                .withData("waitingWrites", waiting.writes())
                .withData("delivered", waiting.delivered())
                .withData("refused", waiting.refused())
                .withData("damaged", waiting.damaged());
        List<String> notes = new ArrayList<>();
        for (DeferredStatus.OfSpace space : waiting.spaces()) {
            notes.add("space '" + space.space() + "': " + space.writes() + " writes wait, " + space.refused()
                    + " memories were refused, " + space.damaged() + " pieces are damaged"
                    + (space.obstacle().isEmpty() ? "" : "; " + space.obstacle()));
        }
        if (!notes.isEmpty()) {
            response.withData("spaces", String.join("\n", notes.subList(0, Math.min(MOST, notes.size()))));
        }
        return response.build();
    }
}
