package engram.service.environments;

import engram.environment.Environment;
import engram.environment.EnvironmentSpec;
import engram.environment.VectorEnvironment;
import engram.error.NotFound;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An environment of a client: one, or a batch of several that are stepped together. Thread-safe. */
public final class EnvironmentInstance implements AutoCloseable {
    private final String id;
    private final EnvironmentSpec spec;
    private final Optional<String> owner;
    private final @Nullable Environment single;
    private final @Nullable VectorEnvironment batch;
    private long lastUsed;
    private boolean closed;

    EnvironmentInstance(
            String id,
            EnvironmentSpec spec,
            Optional<String> owner,
            @Nullable Environment single,
            @Nullable VectorEnvironment batch,
            long now) {
        this.id = id;
        this.spec = spec;
        this.owner = owner;
        this.single = single;
        this.batch = batch;
        this.lastUsed = now;
    }

    /** Its id. */
    public String id() {
        return id;
    }

    /** What it is an instance of. */
    public EnvironmentSpec spec() {
        return spec;
    }

    /** How many environments it has; empty if it is a single one and no batch. */
    public Optional<Integer> size() {
        return Optional.ofNullable(batch).map(VectorEnvironment::size);
    }

    /** The id of the key that made it; empty if none was needed. */
    Optional<String> owner() {
        return owner;
    }

    /**
     * Uses it, while nobody else does.
     *
     * @param ofSingle what to do with a single one
     * @param ofBatch what to do with a batch, whose arrays are overwritten by the next use
     * @throws NotFound if it was closed meanwhile
     */
    public synchronized <T> T use(Function<Environment, T> ofSingle, Function<VectorEnvironment, T> ofBatch) {
        if (closed) {
            throw new NotFound("instance", id);
        }
        if (single != null) {
            return ofSingle.apply(single);
        }
        if (batch == null) {
            throw new IllegalStateException("neither one nor several");
        }
        return ofBatch.apply(batch);
    }

    synchronized void touch(long now) {
        lastUsed = now;
    }

    synchronized long lastUsed() {
        return lastUsed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (single != null) {
            single.close();
        }
        if (batch != null) {
            batch.close();
        }
    }
}
