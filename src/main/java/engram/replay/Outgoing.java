package engram.replay;

import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.space.NewMemory;
import engram.memory.space.Remembered;
import engram.memory.space.Space;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Own transitions on their way into a space: a bounded queue that never makes the learner wait and drops the oldest when it
 * is full. Each has an id of its own from the start, so that one sent again after a lost answer is not there twice.
 * Thread-safe; one thread writes.
 */
final class Outgoing {
    private static final int BATCH = 256;

    private final String agent;
    private final int most;
    private final String prefix = UUID.randomUUID() + "-";
    private final Deque<NewMemory> queue = new ArrayDeque<>();
    private long numbered;
    private long remembered;
    private long dropped;
    private long rejected;

    Outgoing(SharedReplaySettings settings) {
        agent = settings.agent();
        most = settings.waiting();
    }

    synchronized void add(long step, Transition transition, Instant time) {
        if (queue.size() >= most) {
            queue.removeFirst();
            dropped++;
        }
        queue.addLast(new NewMemory(
                prefix + numbered++,
                agent,
                Kind.EXPERIENCE,
                step,
                time,
                ExperienceJson.payload(transition),
                JsonObject.EMPTY,
                (double) transition.reward(),
                false,
                null));
    }

    /** Writes one batch; false if nothing waited. What cannot be written waits on, at its place. */
    boolean write(Space space) {
        List<NewMemory> batch = take();
        if (batch.isEmpty()) {
            return false;
        }
        try {
            Remembered outcome = space.remember(batch, Optional.empty());
            long refused = outcome.outcomes().stream()
                    .filter(Remembered.Rejected.class::isInstance)
                    .count();
            count(batch.size() - refused, refused);
            return true;
        } catch (RuntimeException e) {
            putBack(batch);
            throw e;
        }
    }

    synchronized int waiting() {
        return queue.size();
    }

    synchronized long remembered() {
        return remembered;
    }

    synchronized long dropped() {
        return dropped;
    }

    synchronized long rejected() {
        return rejected;
    }

    private synchronized List<NewMemory> take() {
        List<NewMemory> batch = new ArrayList<>();
        while (batch.size() < BATCH && !queue.isEmpty()) {
            batch.add(queue.removeFirst());
        }
        return batch;
    }

    private synchronized void putBack(List<NewMemory> batch) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            if (queue.size() >= most) {
                dropped += i + 1;
                return;
            }
            queue.addFirst(batch.get(i));
        }
    }

    private synchronized void count(long taken, long refused) {
        remembered += taken;
        rejected += refused;
    }
}
