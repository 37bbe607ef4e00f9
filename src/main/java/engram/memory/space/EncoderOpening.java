package engram.memory.space;

import engram.encoder.Encoder;
import engram.error.Damaged;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.feature.FeatureExtractor;
import engram.feature.FeatureSchema;
import engram.memory.Leases;
import engram.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads the active encoder of a space as it is opened, and puts right what a process that ended has left behind: what
 * another one may be working on is left alone.
 */
final class EncoderOpening {
    private final String space;
    private final FeatureSchema schema;
    private final MemoryStore store;
    private final SpaceServices services;
    private final EncoderLoader loader;
    private final List<String> problems = new ArrayList<>();

    EncoderOpening(
            String space, FeatureSchema schema, MemoryStore store, SpaceServices services, EncoderLoader loader) {
        this.space = space;
        this.schema = schema;
        this.store = store;
        this.services = services;
        this.loader = loader;
    }

    /**
     * The live encoders. If the active one is damaged, the space changes to the newest intact version before it: the
     * memories are embedded anew, which takes a while.
     *
     * @throws Unavailable if the active one is damaged and another replica changes encoders
     */
    LiveEncoders open() {
        if (StateVersions.of(store).filling().isPresent()) {
            services.turn(space, TurnRuns.TURN).ifPresent(this::discardWhatWasLeft);
        }
        int active = StateVersions.of(store).active();
        try {
            return new LiveEncoders(loader.load(active), services.text());
        } catch (Damaged | NotFound e) {
            problems.add(cannotBeUsed(active, e));
        }
        try (Leases.Lease _ = services.turn(space, TurnRuns.TURN)
                .orElseThrow(() -> new Unavailable(
                        "encoder " + active + " of space '" + space
                                + "' cannot be used, and another replica changes it",
                        Duration.ofSeconds(5)))) {
            return fallBack();
        }
    }

    /** What was wrong; for people. */
    List<String> problems() {
        return problems;
    }

    private void discardWhatWasLeft(Leases.Lease turn) {
        try (turn) {
            discardFilling();
        }
    }

    private void discardFilling() {
        StateVersions.of(store).filling().ifPresent(version -> {
            store.discardVersion(StateVersions.version(version));
            problems.add("space '" + space + "': re-embedding by encoder " + version
                    + " was interrupted and undone; activate it again");
        });
    }

    private LiveEncoders fallBack() {
        discardFilling();
        int active = StateVersions.of(store).active();
        Encoder encoder = newestIntact(active);
        if (encoder.version() != active) {
            new ReEmbedding(store, new MemoryFeatures(new FeatureExtractor(schema)), loader.nothing())
                    .runAfterLoss(encoder);
        }
        return new LiveEncoders(encoder, services.text());
    }

    private Encoder newestIntact(int from) {
        for (int candidate = from; ; candidate--) {
            try {
                return loader.load(candidate);
            } catch (Damaged | NotFound e) {
                String problem = cannotBeUsed(candidate, e);
                if (!problems.contains(problem)) {
                    problems.add(problem);
                }
            }
        }
    }

    private String cannotBeUsed(int version, RuntimeException reason) {
        return "space '" + space + "': encoder " + version + " cannot be used: " + reason.getMessage();
    }
}
