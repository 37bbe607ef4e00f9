package engram.memory.deferred;

import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.NonRetriable;
import engram.error.Retriable;
import engram.error.StorageFull;
import engram.memory.IdempotencyKey;
import engram.memory.space.MemoryWrites;
import engram.memory.space.NewMemory;
import engram.memory.space.Remembered;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the writes of one space into its store, oldest first. A request whose answer was lost is sent again under the
 * same key until it is answered. Used by one thread at a time.
 */
final class Delivery {
    /** How many memories reach the store in one batch, where several requests may share one. */
    private static final int BATCH = 200;
    /** And how many bytes they may have on disk. */
    private static final int BATCH_BYTES = 8 << 20;

    /** How often a request fails for a reason nobody foresaw until it is set aside, so that it does not block others. */
    private static final int ATTEMPTS = 5;

    private static final System.Logger LOG = System.getLogger(Delivery.class.getName());

    private final String space;
    private final SpaceSpool spool;
    private final DeadLetters letters;
    private final MemoryWrites destination;
    private final InstantSource clock;
    private final Consumer<Delivered> delivered;
    private @Nullable Group group;
    private int failures;

    Delivery(
            String space,
            SpaceSpool spool,
            DeadLetters letters,
            MemoryWrites destination,
            InstantSource clock,
            Consumer<Delivered> delivered) {
        this.space = space;
        this.spool = spool;
        this.letters = letters;
        this.destination = destination;
        this.clock = clock;
        this.delivered = delivered;
    }

    /**
     * Delivers the next few writes.
     *
     * @return false if none waits
     * @throws Retriable if the store, or the disk here, cannot take them now; they stay
     */
    boolean step() {
        try {
            Group present = group == null ? next() : group;
            group = present;
            if (present == null) {
                return false;
            }
            deliver(present);
            group = null;
            failures = 0;
            return true;
        } catch (IOException e) {
            throw SpoolWriter.failure(spool, e);
        }
    }

    private void deliver(Group present) throws IOException {
        try {
            Remembered remembered = destination.remember(space, present.memories(), Optional.of(present.key));
            settle(present, remembered.outcomes());
        } catch (Retriable e) {
            if (e instanceof StorageFull) {
                LOG.log(Level.DEBUG, "space {0} has no room for what waits", space);
            }
            throw e;
        } catch (Damaged e) {
            retryOrRefuse(present, e);
        } catch (NonRetriable e) {
            refuse(present, e);
        } catch (RuntimeException e) {
            retryOrRefuse(present, e);
        }
    }

    /** A failure that no write should meet may pass, or may be due to this very write. */
    private void retryOrRefuse(Group present, RuntimeException failure) throws IOException {
        failures++;
        if (present.loaded.size() > 1) {
            // One by one, so that it is known which of them is the reason. What the store has already it will
            // recognise.
            group = null;
        }
        if (present.loaded.size() > 1 || failures < ATTEMPTS) {
            throw failure;
        }
        LOG.log(Level.ERROR, "a deferred write into space '" + space + "' fails again and again", failure);
        refuse(present, failure);
    }

    private void settle(Group present, List<Remembered.Outcome> outcomes) throws IOException {
        List<DeadLetters.Letter> refused = new ArrayList<>();
        int next = 0;
        for (Loaded loaded : present.loaded) {
            for (DeferredWrite.Item item : loaded.write.items()) {
                RuntimeException problem = problem(item, outcomes.get(next++));
                if (problem != null) {
                    refused.add(new DeadLetters.Letter(clock.instant(), loaded.write, item, problem));
                }
            }
        }
        done(present, refused);
    }

    private static @Nullable RuntimeException problem(DeferredWrite.Item item, Remembered.Outcome outcome) {
        return switch (outcome) {
            case Remembered.Stored _ -> null;
            case Remembered.Deferred _ -> throw new IllegalStateException("a delivery was deferred");
            // Nobody else has an id that was made here: it came the last time already.
            case Remembered.Duplicate _ ->
                item.idAssigned() ? null : new Conflict("id", "there is a memory '" + item.id() + "' already");
            case Remembered.Rejected rejected -> rejected.problem();
        };
    }

    private void refuse(Group present, RuntimeException problem) throws IOException {
        List<DeadLetters.Letter> refused = new ArrayList<>();
        for (Loaded loaded : present.loaded) {
            for (DeferredWrite.Item item : loaded.write.items()) {
                refused.add(new DeadLetters.Letter(clock.instant(), loaded.write, item, problem));
            }
        }
        done(present, refused);
    }

    private void done(Group present, List<DeadLetters.Letter> refused) throws IOException {
        if (!refused.isEmpty()) {
            letters.add(refused);
            LOG.log(
                    Level.WARNING,
                    "space {0} refused {1} deferred memories, see {2}: {3}",
                    space,
                    refused.size(),
                    spool.directory().resolve(DeadLetters.FILE),
                    String.valueOf(refused.getFirst().problem().getMessage()));
        }
        finish(present.loaded, refused.size());
    }

    private void finish(List<Loaded> loaded, int refused) throws IOException {
        spool.remove(loaded.size());
        long bytes = 0;
        List<String> keys = new ArrayList<>();
        int memories = 0;
        for (Loaded one : loaded) {
            bytes += Frames.size(one.waiting.frame().content());
            if (one.write.keyOfClient()) {
                keys.add(one.write.key().value());
            }
            memories += one.write.items().size();
        }
        delivered.accept(new Delivered(loaded.size(), bytes, memories - refused, refused, keys));
    }

    /** The next request, with those after it that may share its batch. */
    private @Nullable Group next() throws IOException {
        List<Loaded> loaded = new ArrayList<>();
        int memories = 0;
        long bytes = 0;
        for (SpaceSpool.Waiting waiting : spool.first(failures > 0 ? 1 : BATCH)) {
            DeferredWrite write = read(waiting);
            if (write == null) {
                if (loaded.isEmpty()) {
                    spool.setAside(waiting);
                    spool.remove(1);
                    delivered.accept(
                            new Delivered(1, Frames.size(waiting.frame().content()), 0, 0, List.of()));
                    return next();
                }
                break;
            }
            boolean joins = loaded.isEmpty()
                    || (write.isCombinable()
                            && loaded.getFirst().write.isCombinable()
                            && memories + write.items().size() <= BATCH
                            && bytes + content(waiting) <= BATCH_BYTES);
            if (!joins) {
                break;
            }
            loaded.add(new Loaded(waiting, write));
            memories += write.items().size();
            bytes += content(waiting);
            if (!write.isCombinable()) {
                break;
            }
        }
        return loaded.isEmpty() ? null : new Group(loaded);
    }

    private static int content(SpaceSpool.Waiting waiting) {
        return waiting.frame().content();
    }

    private @Nullable DeferredWrite read(SpaceSpool.Waiting waiting) throws IOException {
        byte[] content = spool.read(waiting);
        try {
            return content.length == 0 ? null : DeferredWriteCodec.decode(content);
        } catch (Damaged e) {
            LOG.log(Level.ERROR, "a deferred write into space '" + space + "' cannot be understood", e);
            return null;
        }
    }

    /** A request that waits, with its content. */
    private record Loaded(SpaceSpool.Waiting waiting, DeferredWrite write) {}

    /** Requests that reach the store as one batch. They stay together until it has answered. */
    private static final class Group {
        private final List<Loaded> loaded;
        private final IdempotencyKey key;

        Group(List<Loaded> loaded) {
            this.loaded = loaded;
            this.key = loaded.size() == 1
                    ? loaded.getFirst().write.key()
                    : new IdempotencyKey("engram-" + UUID.randomUUID(), "deferred");
        }

        List<NewMemory> memories() {
            List<NewMemory> memories = new ArrayList<>();
            loaded.forEach(one -> memories.addAll(one.write.memories()));
            return memories;
        }
    }

    /**
     * What was delivered.
     *
     * @param writes how many requests
     * @param bytes how much room they took
     * @param memories how many memories the store has of them
     * @param refused how many it refused
     * @param keys the clients' keys among them
     */
    record Delivered(int writes, long bytes, int memories, int refused, List<String> keys) {}
}
