package engram.memory.space;

import engram.encoder.Encoder;
import engram.error.Damaged;
import engram.error.NotFound;
import engram.memory.MemoryStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings the live encoders of a space to what other replicas have made of its versions. Thread-safe. */
final class EncoderFollowing {
    private static final System.Logger LOG = System.getLogger(EncoderFollowing.class.getName());
    /** How long an encoder that could not be loaded is left alone. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final int TRIES = 5;

    private final String space;
    private final MemoryStore store;
    private final LiveEncoders live;
    private final EncoderLoader loader;
    private final InstantSource clock;
    private @Nullable StateVersions unusable;
    private Instant pausedUntil = Instant.EPOCH;

    EncoderFollowing(String space, MemoryStore store, LiveEncoders live, EncoderLoader loader, InstantSource clock) {
        this.space = space;
        this.store = store;
        this.live = live;
        this.loader = loader;
        this.clock = clock;
    }

    /**
     * Takes over the live versions of the store. A version being filled whose encoder cannot be had is left out: whoever
     * fills it sees to the memories written here as well.
     *
     * @return the live versions of the store
     */
    synchronized StateVersions follow() {
        StateVersions versions = StateVersions.of(store);
        for (int attempt = 0; attempt < TRIES && !isUpToDate(versions) && !take(versions); attempt++) {
            versions = StateVersions.of(store);
        }
        return versions;
    }

    private boolean isUpToDate(StateVersions versions) {
        return live.versions().equals(versions) || isPaused(versions);
    }

    private boolean isPaused(StateVersions versions) {
        return versions.equals(unusable) && clock.instant().isBefore(pausedUntil);
    }

    private boolean take(StateVersions versions) {
        StateVersions present = live.versions();
        Map<Integer, Encoder> loaded = new HashMap<>();
        boolean taken = false;
        try {
            load(versions.active(), present, versions, loaded);
            versions.filling().ifPresent(filling -> load(filling, present, versions, loaded));
            taken = live.follow(versions, loaded, () -> StateVersions.of(store).equals(versions));
            if (taken) {
                LOG.log(Level.INFO, "space ''{0}'' follows another replica: {1}", space, live.versions());
            }
            return taken || versions.equals(unusable);
        } finally {
            if (!taken) {
                loaded.values().forEach(Encoder::close);
            }
        }
    }

    private void load(int version, StateVersions present, StateVersions wanted, Map<Integer, Encoder> loaded) {
        boolean inUse = version == present.active()
                || (present.filling().isPresent()
                        && version == present.filling().getAsInt());
        if (inUse) {
            return;
        }
        try {
            loaded.put(version, loader.load(version));
        } catch (Damaged | NotFound e) {
            unusable = wanted;
            pausedUntil = clock.instant().plus(PAUSE);
            LOG.log(Level.WARNING, "encoder {0} of space ''{1}'' cannot be used: {2}", version, space, e.getMessage());
        }
    }
}
