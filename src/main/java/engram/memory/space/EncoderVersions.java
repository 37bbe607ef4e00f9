package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.encoder.AutoencoderEncoder;
import engram.encoder.AutoencoderTrainer;
import engram.encoder.Encoder;
import engram.encoder.EncoderFiles;
import engram.encoder.RandomProjectionEncoder;
import engram.encoder.StoredEncoder;
import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.NotFound;
import engram.feature.FeatureExtractor;
import engram.feature.FeatureSchema;
import engram.memory.EmbeddingVersion;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.run.Job;
import engram.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The encoder versions of a space: trains new ones, keeps them on disk and changes from one to another while recall goes
 * on. Version 0, the random projection, is always there. Thread-safe.
 */
public final class EncoderVersions {
    /** Seed of every space's random projection; part of the format of stored vectors. */
    private static final long PROJECTION_SEED = 0x656e6772616dL;

    /** The part of a training run's progress that goes to training and measuring; the rest is for re-embedding. */
    private static final double TRAINING_SHARE = 0.7;

    private final String space;
    private final FeatureSchema schema;
    private final LiveEncoders live;
    private final MemoryFeatures features;
    private final EncoderFiles files;
    private final ReEmbedding reEmbedding;
    private final EncoderTrainingRun training;
    private final SpaceServices services;
    private final AtomicLong remembered;
    private final AtomicBoolean trainedOnce;
    private final AtomicBoolean changing = new AtomicBoolean();
    private volatile EncoderSettings settings;

    private EncoderVersions(
            String space, SpaceSettings settings, MemoryStore store, LiveEncoders live, SpaceServices services) {
        this.space = space;
        this.schema = settings.schema();
        this.settings = settings.encoder();
        this.live = live;
        this.services = services;
        this.features = new MemoryFeatures(new FeatureExtractor(schema));
        this.files = new EncoderFiles(services.encoders(space));
        this.reEmbedding = new ReEmbedding(store, features, reference(schema));
        this.training = new EncoderTrainingRun(
                store, live, features, files, new AutoencoderTrainer(services.tensors()), services.clock());
        this.remembered = new AtomicLong(store.statistics().total());
        this.trainedOnce = new AtomicBoolean(!files.versions().isEmpty());
    }

    /**
     * Loads the active encoder of a space. If its file is damaged, the space changes to the newest intact version before
     * it: the memories are embedded anew, which takes a while.
     */
    static Opened open(String space, SpaceSettings settings, MemoryStore store, SpaceServices services) {
        List<String> problems = new ArrayList<>();
        EncoderFiles files = new EncoderFiles(services.encoders(space));
        EmbeddingVersion active = store.activeVersion(Modality.STATE);
        for (EmbeddingVersion version : store.versions()) {
            if (version.modality() == Modality.STATE && !version.equals(active)) {
                store.discardVersion(version);
                problems.add("space '" + space + "': re-embedding by encoder " + version.number()
                        + " was interrupted and undone; activate it again");
            }
        }
        Encoder encoder = null;
        for (int candidate = active.number(); encoder == null; candidate--) {
            try {
                encoder = load(files, settings.schema(), candidate);
            } catch (Damaged | NotFound e) {
                problems.add("space '" + space + "': encoder " + candidate + " cannot be used: " + e.getMessage());
            }
        }
        LiveEncoders live = new LiveEncoders(encoder, services.text());
        if (encoder.version() != active.number()) {
            new ReEmbedding(
                            store,
                            new MemoryFeatures(new FeatureExtractor(settings.schema())),
                            reference(settings.schema()))
                    .runAfterLoss(encoder);
        }
        return new Opened(live, new EncoderVersions(space, settings, store, live, services), problems);
    }

    private static Encoder load(EncoderFiles files, FeatureSchema schema, int version) {
        if (version == 0) {
            return new RandomProjectionEncoder(schema.inputs(), PROJECTION_SEED, reference(schema));
        }
        StoredEncoder stored = files.load(version);
        return new AutoencoderEncoder(version, stored.weights(), stored.scale());
    }

    /** The features of the state that says nothing; of an observation, the middle of every range. */
    private static float[] reference(FeatureSchema schema) {
        FeatureSchema.Observation observation = schema.observation();
        if (observation == null) {
            return new FeatureExtractor(schema)
                    .extract(JsonNodeFactory.instance.objectNode())
                    .values();
        }
        float[] middle = new float[schema.inputs()];
        Arrays.fill(middle, 0, observation.low().size(), 0.5f);
        return middle;
    }

    /** The versions of this space, oldest first. */
    public List<EncoderVersion> list() {
        int active = live.use(view -> view.active().version());
        List<EncoderVersion> versions = new ArrayList<>();
        versions.add(new EncoderVersion(
                0,
                "random-projection",
                active == 0,
                true,
                JsonNodeFactory.instance.objectNode().put("inputs", schema.inputs())));
        for (int version : files.versions()) {
            try {
                JsonNode description = files.load(version).report();
                versions.add(new EncoderVersion(version, "autoencoder", active == version, true, description));
            } catch (Damaged e) {
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
        return exclusively("encoder-training", progress -> {
            trainedOnce.set(true);
            int version = nextVersion();
            EncoderTrainingRun.Outcome outcome =
                    training.run(version, effective, new PartOfProgress(progress, 0, TRAINING_SHARE));
            ObjectNode result = JsonNodeFactory.instance.objectNode().put("version", version);
            result.put("activated", outcome.activate());
            if (outcome.activate()) {
                long embedded = reEmbedding.run(
                        live, load(files, schema, version), new PartOfProgress(progress, TRAINING_SHARE, 1));
                result.put("reEmbedded", embedded);
            }
            result.setAll(outcome.report());
            return result;
        });
    }

    private int nextVersion() {
        int active = live.use(view -> view.active().version());
        return 1 + files.versions().stream().mapToInt(Integer::intValue).reduce(active, Math::max);
    }

    /**
     * Changes to a version, as a run: every memory is embedded anew, and then recall answers from it.
     *
     * @throws NotFound if there is no such version
     * @throws Conflict if it is active already, or encoders are being changed
     */
    public Run activate(int version) {
        if (version != 0 && !files.versions().contains(version)) {
            throw new NotFound("encoder version", Integer.toString(version));
        }
        if (live.use(view -> view.active().version()) == version) {
            throw new Conflict("version", "encoder " + version + " is active already");
        }
        return exclusively("encoder-activation", progress -> {
            Encoder next = load(files, schema, version);
            long embedded = reEmbedding.run(live, next, progress);
            return JsonNodeFactory.instance.objectNode().put("version", version).put("reEmbedded", embedded);
        });
    }

    /**
     * What tells the active encoder of each modality from every other one: equal fingerprints mean equal vectors.
     *
     * @param view the live encoders
     */
    SortedMap<String, String> fingerprints(LiveEncoders.View view) {
        SortedMap<String, String> fingerprints = new TreeMap<>();
        int active = view.active().version();
        String state = active == 0
                ? "random-projection " + PROJECTION_SEED + " of "
                        + schema.toJson().toString()
                : files.fingerprint(active);
        fingerprints.put(Modality.STATE.name(), state);
        return fingerprints;
    }

    /** The features of the state that says nothing. */
    float[] nothing() {
        return reference(schema);
    }

    /** Counts new memories, and trains a first encoder once there are enough. */
    void remembered(long memories) {
        long total = remembered.addAndGet(memories);
        long enough = settings.trainAfter();
        if (enough > 0 && total >= enough && trainedOnce.compareAndSet(false, true)) {
            train(JsonNodeFactory.instance.objectNode());
        }
    }

    void replaceSettings(EncoderSettings next) {
        settings = next;
    }

    private Run exclusively(String kind, Job job) {
        if (changing.get()) {
            throw underWay();
        }
        return services.runs().submit(kind, space, progress -> {
            if (!changing.compareAndSet(false, true)) {
                throw underWay();
            }
            try {
                return job.execute(progress);
            } finally {
                changing.set(false);
            }
        });
    }

    private static Conflict underWay() {
        return new Conflict("", "an encoder of this space is being trained or activated");
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
