package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.encoder.AutoencoderEncoder;
import engram.encoder.AutoencoderTrainer;
import engram.encoder.Encoder;
import engram.encoder.StoredEncoder;
import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.feature.FeatureExtractor;
import engram.feature.FeatureSchema;
import engram.memory.Leases;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.run.Progress;
import engram.run.Run;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The encoder versions of a space: trains new ones, keeps them and changes from one to another while recall goes on.
 * Version 0, the random projection, is always there. One replica at a time trains or changes the encoders of a space;
 * the others follow. Thread-safe.
 */
public final class EncoderVersions {
    private static final System.Logger LOG = System.getLogger(EncoderVersions.class.getName());

    /** The part of a training run's progress that goes to training and measuring; the rest is for re-embedding. */
    private static final double TRAINING_SHARE = 0.7;

    private final String space;
    private final FeatureSchema schema;
    private final MemoryStore store;
    private final LiveEncoders live;
    private final EncoderLibrary library;
    private final EncoderLoader loader;
    private final EncoderFollowing following;
    private final ReEmbedding reEmbedding;
    private final EncoderTrainingRun training;
    private final EncoderTravel travel;
    private final TurnRuns turns;
    private final SpaceServices services;
    private final AtomicLong remembered = new AtomicLong();
    private final AtomicBoolean trainedOnce;
    private volatile long counted;
    private volatile EncoderSettings settings;

    private EncoderVersions(
            String space,
            SpaceSettings settings,
            MemoryStore store,
            LiveEncoders live,
            EncoderLibrary library,
            EncoderLoader loader,
            SpaceServices services) {
        this.space = space;
        this.schema = settings.schema();
        this.settings = settings.encoder();
        this.store = store;
        this.live = live;
        this.library = library;
        this.loader = loader;
        this.services = services;
        MemoryFeatures features = new MemoryFeatures(new FeatureExtractor(schema));
        this.following = new EncoderFollowing(space, store, live, loader, services.clock());
        this.reEmbedding = new ReEmbedding(store, features, loader.nothing());
        this.training = new EncoderTrainingRun(
                store, live, features, library, new AutoencoderTrainer(services.tensors()), services.clock());
        this.turns = new TurnRuns(space, services);
        this.travel = new EncoderTravel(store, live, library, this, turns);
        this.trainedOnce = new AtomicBoolean(!library.versions().isEmpty());
        count();
    }

    /** Loads the active encoder of a space; see {@link EncoderOpening}. */
    static Opened open(String space, SpaceSettings settings, MemoryStore store, SpaceServices services) {
        EncoderLibrary library = services.encoders(space);
        EncoderLoader loader = new EncoderLoader(library, settings.schema());
        EncoderOpening opening = new EncoderOpening(space, settings.schema(), store, services, loader);
        LiveEncoders live = opening.open();
        EncoderVersions versions = new EncoderVersions(space, settings, store, live, library, loader, services);
        if (services.replicas().areOthers()) {
            live.whenRefused(versions.following::follow);
            versions.following.follow();
        }
        return new Opened(live, versions, opening.problems());
    }

    /** The versions of this space, oldest first. */
    public List<EncoderVersion> list() {
        int active = live.versions().active();
        List<EncoderVersion> versions = new ArrayList<>();
        versions.add(new EncoderVersion(
                0,
                "random-projection",
                active == 0,
                true,
                JsonNodeFactory.instance.objectNode().put("inputs", schema.inputs())));
        for (int version : library.versions()) {
            try {
                JsonNode description = library.load(version).report();
                versions.add(new EncoderVersion(version, "autoencoder", active == version, true, description));
            } catch (Damaged | NotFound e) {
                ObjectNode problem = JsonNodeFactory.instance.objectNode().put("problem", e.getMessage());
                versions.add(new EncoderVersion(version, "autoencoder", active == version, false, problem));
            }
        }
        return versions;
    }

    /**
     * Trains a version on the newest states of the space, as a run.
     *
     * @param overrides settings that differ from the space's this time, as in its {@code encoder} settings
     * @throws engram.error.InvalidInput naming what is wrong with the settings
     * @throws Conflict if the space has too few states, or its encoders are being changed
     */
    public Run train(JsonNode overrides) {
        EncoderSettings effective = settings.merge(overrides);
        return train(effective, turns.turn());
    }

    private Run train(EncoderSettings effective, Leases.Lease turn) {
        return turns.submit("encoder-training", turn, progress -> {
            trainedOnce.set(true);
            int version = nextVersion();
            EncoderTrainingRun.Outcome outcome =
                    training.run(version, effective, new PartOfProgress(progress, 0, TRAINING_SHARE));
            ObjectNode result = JsonNodeFactory.instance.objectNode().put("version", version);
            result.put("activated", outcome.activate());
            if (outcome.activate()) {
                result.put("reEmbedded", change(version, new PartOfProgress(progress, TRAINING_SHARE, 1), turn));
            }
            result.setAll(outcome.report());
            return result;
        });
    }

    private int nextVersion() {
        return 1
                + library.versions().stream()
                        .mapToInt(Integer::intValue)
                        .reduce(live.versions().active(), Math::max);
    }

    /**
     * Changes to a version, as a run: every memory is embedded anew, and then recall answers from it.
     *
     * @throws NotFound if there is no such version
     * @throws Conflict if it is active already, or encoders are being changed
     */
    public Run activate(int version) {
        if (version != 0 && !library.versions().contains(version)) {
            throw new NotFound("encoder version", Integer.toString(version));
        }
        if (live.versions().active() == version) {
            throw new Conflict("version", "encoder " + version + " is active already");
        }
        return submitActivation(version, turns.turn());
    }

    private Run submitActivation(int version, Leases.Lease turn) {
        return turns.submit("encoder-activation", turn, progress -> {
            long embedded = change(version, progress, turn);
            return JsonNodeFactory.instance.objectNode().put("version", version).put("reEmbedded", embedded);
        });
    }

    private long change(int version, Progress progress, Leases.Lease turn) {
        OptionalInt left = StateVersions.of(store).filling();
        Encoder next;
        try {
            next = loader.load(version);
        } catch (Damaged | NotFound e) {
            left.ifPresent(this::discard);
            throw e;
        }
        if (left.isPresent() && left.getAsInt() != version) {
            discard(left.getAsInt());
        }
        return reEmbedding.run(live, next, progress, turn::isHeld);
    }

    private void discard(int left) {
        live.discard(() -> store.discardVersion(StateVersions.version(left)));
    }

    /**
     * What tells the active encoder of each modality from every other one: equal fingerprints mean equal vectors.
     *
     * @param view the live encoders
     */
    SortedMap<String, String> fingerprints(LiveEncoders.View view) {
        SortedMap<String, String> fingerprints = new TreeMap<>();
        fingerprints.put(Modality.STATE.name(), loader.fingerprint(view.active().version()));
        return fingerprints;
    }

    /** Takes encoders along with memories. */
    EncoderTravel travel() {
        return travel;
    }

    /** Keeps an encoder that comes from elsewhere as a new version and changes to it; does nothing if it does not fit. */
    void adopt(StoredEncoder encoder, Leases.Lease turn) {
        AutoencoderEncoder trial = new AutoencoderEncoder(encoder.version(), encoder.weights(), encoder.scale());
        if (trial.inputs() == schema.inputs()) {
            int version = nextVersion();
            library.save(new StoredEncoder(
                    version, encoder.weights(), encoder.scale(), encoder.report(), encoder.created()));
            trainedOnce.set(true);
            change(version, Progress.unobserved(), turn);
        }
    }

    /** The features of the state that says nothing. */
    float[] nothing() {
        return loader.nothing();
    }

    /** Counts new memories, and trains a first encoder once there are enough. */
    void remembered(long memories) {
        remembered.addAndGet(memories);
        if (!services.replicas().areOthers()) {
            trainIfEnough();
        }
    }

    /**
     * Takes over what other replicas have changed: the live versions; how many memories there are, which may be enough to
     * train a first encoder; and the work of a replica that has died while it changed encoders.
     *
     * @param sequence the number of the last change of the store
     */
    void follow(long sequence) {
        following.follow().filling().ifPresent(this::takeOver);
        long most = remembered.get() + sequence - counted;
        if (settings.trainAfter() > 0 && !trainedOnce.get() && most >= settings.trainAfter()) {
            count();
            trainIfEnough();
        }
    }

    /** Takes over what other replicas have made of the live versions, if there are others. */
    void refresh() {
        if (services.replicas().areOthers()) {
            following.follow();
        }
    }

    private void count() {
        counted = store.sequence();
        remembered.set(store.statistics().total());
    }

    private void trainIfEnough() {
        long enough = settings.trainAfter();
        if (enough <= 0 || remembered.get() < enough || trainedOnce.get()) {
            return;
        }
        Optional<Leases.Lease> turn = turns.tryTurn();
        if (turn.isEmpty()) {
            return;
        }
        if (!library.versions().isEmpty() || !trainedOnce.compareAndSet(false, true)) {
            trainedOnce.set(true);
            turn.get().close();
            return;
        }
        try {
            train(settings, turn.get());
        } catch (Unavailable e) {
            trainedOnce.set(false);
            LOG.log(Level.DEBUG, "the first training of space '" + space + "' waits", e);
        }
    }

    /** Goes on with a version that a replica has left half filled; does nothing while that replica lives. */
    private void takeOver(int version) {
        Optional<Leases.Lease> turn = turns.tryTurn();
        if (turn.isEmpty()) {
            return;
        }
        if (StateVersions.of(store).filling().orElse(0) != version) {
            turn.get().close();
            return;
        }
        LOG.log(Level.INFO, "space ''{0}'': encoder {1} was left half filled; this replica goes on", space, version);
        submitActivation(version, turn.get());
    }

    void replaceSettings(EncoderSettings next) {
        settings = next;
    }

    /** Removes this replica's copies of encoders of a space that is gone. */
    void forgetCopies() {
        library.forgetCopies();
    }

    /**
     * A version of a space's encoder.
     *
     * @param version its number
     * @param type {@code random-projection} or {@code autoencoder}
     * @param active whether it embeds the space now
     * @param intact whether its file can be used
     * @param description how it was trained and how good it is
     */
    public record EncoderVersion(int version, String type, boolean active, boolean intact, JsonNode description) {}

    /** What {@link #open} found. */
    record Opened(LiveEncoders encoders, EncoderVersions versions, List<String> problems) {}
}
