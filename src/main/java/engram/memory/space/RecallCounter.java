package engram.memory.space;

import engram.error.EngramException;
import engram.memory.MemoryStore;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers how often memories are recalled and hands the counts to the store now and then. Thread-safe. */
final class RecallCounter {
    private static final System.Logger LOG = System.getLogger(RecallCounter.class.getName());
    private static final int ENOUGH = 1_000;

    private final MemoryStore store;
    private final InstantSource clock;
    private final Map<String, Integer> counts = new HashMap<>();

    RecallCounter(MemoryStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void count(List<Recalled.Match> matches) {
        boolean enough;
        synchronized (counts) {
            matches.forEach(match -> counts.merge(match.memory().id(), 1, Integer::sum));
            enough = counts.size() >= ENOUGH;
        }
        if (enough) {
            flush();
        }
    }

    void flush() {
        Map<String, Integer> gathered;
        Instant now = clock.instant();
        synchronized (counts) {
            if (counts.isEmpty()) {
                return;
            }
            gathered = Map.copyOf(counts);
            counts.clear();
        }
        store.countRecalls(gathered, now);
    }

    /** Hands over what is left, if the store still takes it: counts are a best effort. */
    void close() {
        try {
            flush();
        } catch (EngramException e) {
            LOG.log(Level.DEBUG, "some recalls stay uncounted", e);
        }
    }
}
