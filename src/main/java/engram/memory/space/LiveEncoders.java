package engram.memory.space;

import engram.encoder.EmbeddingSpace;
import engram.encoder.Encoder;
import engram.encoder.TextEncoder;
import engram.error.Unavailable;
import engram.memory.EmbeddingVersion;
import engram.memory.Modality;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The encoders that are in use: the active one and, while a space is being re-embedded, the one being filled. Whoever
 * writes vectors does so inside {@link #use}, so that no version appears or disappears between encoding and writing.
 * Owns the encoders of states; the text encoder is shared and stays open. Thread-safe.
 */
final class LiveEncoders implements AutoCloseable {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final TextEncoder text;
    private Encoder active;
    private @Nullable Encoder filling;
    private boolean closed;

    LiveEncoders(Encoder active, TextEncoder text) {
        this.active = active;
        this.text = text;
    }

    /**
     * Does some work during which the live encoders stay as they are.
     *
     * @throws Unavailable if the space has been closed
     */
    <T> T use(Function<View, T> work) {
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

    /** Puts an encoder beside the active one; {@code begin} tells the store in the same breath. */
    void begin(Encoder encoder, Runnable begin) {
        lock.writeLock().lock();
        try {
            begin.run();
            closeFilling();
            filling = encoder;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Makes the encoder being filled the active one, once {@code activate} has done the same in the store. */
    void activate(Runnable activate) {
        lock.writeLock().lock();
        try {
            Encoder next = filling;
            if (next == null) {
                throw new IllegalStateException("no encoder is being filled");
            }
            activate.run();
            Encoder former = active;
            active = next;
            filling = null;
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
        } finally {
            lock.writeLock().unlock();
        }
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
