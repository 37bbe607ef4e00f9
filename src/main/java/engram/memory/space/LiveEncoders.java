package engram.memory.space;

import engram.encoder.EmbeddingSpace;
import engram.encoder.Encoder;
import engram.encoder.TextEncoder;
import engram.error.Conflict;
import engram.error.EngramException;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.error.Unreachable;
import engram.memory.EmbeddingVersion;
import engram.memory.Modality;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The encoders that are in use: the active one and, while a space is being re-embedded, the one being filled. Whoever
 * writes vectors does so inside {@link #use}, so that no version appears or disappears between encoding and writing,
 * unless another replica changes it. Owns the encoders of states; the text encoder is shared and stays open.
 * Thread-safe.
 */
final class LiveEncoders implements AutoCloseable {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicLong changes = new AtomicLong();
    private final TextEncoder text;
    private Encoder active;
    private @Nullable Encoder filling;
    private boolean closed;
    private volatile Runnable whenRefused = () -> {};

    LiveEncoders(Encoder active, TextEncoder text) {
        this.active = active;
        this.text = text;
    }

    /** Has these encoders brought up to date when a store refuses work that they were used for. */
    void whenRefused(Runnable bringUpToDate) {
        whenRefused = bringUpToDate;
    }

    /**
     * Does some work during which the live encoders stay as they are. If the store refuses it because another replica has
     * changed the live versions, it is done once more with those.
     *
     * @param work may be done twice, the second time after it has failed
     * @throws Unavailable if the space has been closed
     */
    <T> T use(Function<View, T> work) {
        long before = changes.get();
        try {
            return useNow(work);
        } catch (Unavailable | NotFound e) {
            if (e instanceof Unreachable || isUsedByThisThread() || !haveChangedSince(before, e)) {
                throw e;
            }
            return useNow(work);
        }
    }

    private <T> T useNow(Function<View, T> work) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new Unavailable("the space is closing", Duration.ofSeconds(1));
            }
            return work.apply(new View(active, filling, text));
        } finally {
            lock.readLock().unlock();
        }
    }

    private boolean isUsedByThisThread() {
        return lock.getReadHoldCount() > 0 || lock.isWriteLockedByCurrentThread();
    }

    private boolean haveChangedSince(long before, EngramException refusal) {
        try {
            whenRefused.run();
        } catch (EngramException e) {
            refusal.addSuppressed(e);
        }
        return changes.get() != before;
    }

    /** The versions in use. */
    StateVersions versions() {
        return useNow(view -> new StateVersions(view.active().version(), number(view.filling())));
    }

    private static OptionalInt number(@Nullable Encoder encoder) {
        return encoder == null ? OptionalInt.empty() : OptionalInt.of(encoder.version());
    }

    /** Puts an encoder beside the active one; {@code begin} tells the store in the same breath. */
    void begin(Encoder encoder, Runnable begin) {
        lock.writeLock().lock();
        try {
            begin.run();
            closeFilling();
            filling = encoder;
            changes.incrementAndGet();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Makes the encoder being filled the active one, once {@code activate} has done the same in the store.
     *
     * @throws Conflict if another replica has taken the version away
     */
    void activate(Runnable activate) {
        lock.writeLock().lock();
        try {
            Encoder next = filling;
            if (next == null) {
                throw new Conflict("version", "another replica has taken the version away that was being filled");
            }
            activate.run();
            Encoder former = active;
            active = next;
            filling = null;
            changes.incrementAndGet();
            former.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Takes the encoder being filled away, once {@code discard} has done the same in the store. */
    void discard(Runnable discard) {
        lock.writeLock().lock();
        try {
            discard.run();
            closeFilling();
            changes.incrementAndGet();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Changes to the encoders that another replica has made the live ones. Those that are not used any more are closed.
     *
     * @param versions that are live by now; of the one being filled an encoder may be missing
     * @param loaded encoders of them that are not in use yet; taken over if this returns true
     * @param stillSo whether they are the live ones at the moment that nobody uses the encoders
     * @return false if something else has changed meanwhile; nothing was done then
     */
    boolean follow(StateVersions versions, Map<Integer, Encoder> loaded, BooleanSupplier stillSo) {
        lock.writeLock().lock();
        try {
            Map<Integer, Encoder> all = inUse();
            boolean overtaken = loaded.keySet().stream().anyMatch(all::containsKey);
            all.putAll(loaded);
            Encoder next = all.remove(versions.active());
            if (closed || overtaken || next == null || !stillSo.getAsBoolean()) {
                return false;
            }
            active = next;
            filling = versions.filling().isPresent()
                    ? all.remove(versions.filling().getAsInt())
                    : null;
            changes.incrementAndGet();
            all.values().forEach(Encoder::close);
            return true;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Map<Integer, Encoder> inUse() {
        Map<Integer, Encoder> inUse = new HashMap<>();
        inUse.put(active.version(), active);
        if (filling != null) {
            inUse.put(filling.version(), filling);
        }
        return inUse;
    }

    private void closeFilling() {
        Encoder former = filling;
        filling = null;
        if (former != null) {
            former.close();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            closeFilling();
            active.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The encoders as they are during one piece of work. */
    record View(Encoder active, @Nullable Encoder filling, TextEncoder text) {
        /** The active version of a modality. */
        EmbeddingVersion version(Modality modality) {
            return new EmbeddingVersion(modality, modality == Modality.TEXT ? 0 : active.version());
        }

        /** The vectors of the active version of a modality. */
        EmbeddingSpace space(Modality modality) {
            return modality == Modality.TEXT ? text : active;
        }

        /** Every live encoder of states, the active one first. */
        List<Encoder> ofStates() {
            List<Encoder> encoders = new ArrayList<>(2);
            encoders.add(active);
            if (filling != null) {
                encoders.add(filling);
            }
            return encoders;
        }
    }
}
