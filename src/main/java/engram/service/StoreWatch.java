package engram.service;

import engram.error.EngramException;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Asks the store now and then what an operator should know, so that whoever looks at the service's health does not wait
 * for a store that is slow to answer.
 */
@Singleton
final class StoreWatch {
    private static final Logger LOG = Logger.getLogger(StoreWatch.class);

    private final Engine engine;
    private volatile List<String> problems = List.of();

    StoreWatch(Engine engine) {
        this.engine = engine;
    }

    /** What the store said when it was last asked. */
    List<String> problems() {
        return problems;
    }

    @Scheduled(every = "30s", delayed = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        try {
            List<String> now = engine.storeProblems();
            now.stream().filter(problem -> !problems.contains(problem)).forEach(LOG::warn);
            problems = List.copyOf(now);
        } catch (EngramException e) {
            LOG.debugf(e, "the store cannot be asked");
        }
    }
}
