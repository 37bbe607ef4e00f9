package engram.service;

import engram.service.access.KeyRegistry;
import engram.service.access.LastUses;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Keeps what this replica knows of keys in step with the others. */
@Singleton
final class AccessUpkeep {
    private final KeyRegistry keys;
    private final LastUses uses;

    AccessUpkeep(KeyRegistry keys, LastUses uses) {
        this.keys = keys;
        this.uses = uses;
    }

    @Scheduled(every = "{engram.access.reload-every}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void reload() {
        keys.refresh();
    }

    @Scheduled(every = "1m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void writeUses() {
        uses.flush();
    }

    void stop(@Observes ShutdownEvent event) {
        uses.flush();
    }
}
