package engram.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.space.SpaceSettings;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The settings of spaces that say nothing themselves. */
public final class SpaceDefaults {
    private SpaceDefaults() {}

    /** Encoders. */
    public interface Encoder {
        /** After how many memories a space trains its first encoder by itself; 0 for never. */
        @WithDefault("1000")
        int trainAfter();

        /** How many of the newest states a training sees at most. */
        @WithDefault("20000")
        int sample();

        /** Whether a trained encoder takes over: {@code ifNotWorse}, {@code always} or {@code never}. */
        @WithDefault("ifNotWorse")
        String activation();

        /** Training. */
        Training training();
    }

    /** Training of the autoencoder. */
    public interface Training {
        /** What the random choices of a training follow from: the same seed gives the same encoder on the CPU. */
        @WithDefault("1")
        long seed();

        /** How often a training sees each state at most. */
        @WithDefault("50")
        int epochs();

        /** How many states make one step. */
        @WithDefault("64")
        int batch();

        /** The step size of Adam. */
        @WithDefault("0.001")
        double learningRate();

        /** How the step size changes: {@code constant} or {@code cosine}. */
        @WithDefault("cosine")
        String schedule();

        /** The share of the states that is held out to choose the best epoch by. */
        @WithDefault("0.2")
        double validationShare();

        /** After how many epochs without a better one a training stops. */
        @WithDefault("10")
        int patience();

        /** The weight of keeping neighbours near, beside reconstruction; 0 for the plain loss. */
        @WithDefault("10")
        double neighbourhood();

        /** Where weights begin: {@code principal} components or {@code random}. */
        @WithDefault("principal")
        String start();
    }

    /** Tiers. */
    public interface Tiers {
        /** Short-term memory. */
        Stm stm();

        /** Intermediate memory. */
        Im im();

        /** Long-term memory. */
        Ltm ltm();

        /** Merging of near-duplicates. */
        Merge merge();
    }

    /** Short-term memory. */
    public interface Stm {
        /** How many memories an agent may have there. */
        @WithDefault("1000")
        long capacity();

        /** How old a memory may become there. */
        @WithDefault("24h")
        Duration timeToLive();
    }

    /** Intermediate memory. */
    public interface Im {
        /** How many memories an agent may have there. */
        @WithDefault("10000")
        long capacity();

        /** How old a memory may become there. */
        @WithDefault("7d")
        Duration timeToLive();
    }

    /** Long-term memory. */
    public interface Ltm {
        /** How many memories an agent may have there; any number where it is absent. */
        Optional<Long> capacity();

        /** How old a memory may become there; any age where it is absent. */
        Optional<Duration> timeToLive();
    }

    /** Merging. */
    public interface Merge {
        /** Whether near-duplicates are merged at all. */
        @WithDefault("true")
        boolean enabled();

        /** How unlike any two memories of one group may be: 1 less their score. */
        @WithDefault("0.005")
        double diameter();
    }

    /**
     * The defaults as a space knows them.
     *
     * @throws engram.error.InvalidInput naming what is unsuitable
     */
    static SpaceSettings of(ServiceSettings settings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("encoder", json(settings.encoder()));
        json.set("tiers", json(settings.tiers()));
        return SpaceSettings.defaults().merge(json);
    }

    private static ObjectNode json(Encoder encoder) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("trainAfter", encoder.trainAfter());
        json.put("sample", encoder.sample());
        json.put("activation", encoder.activation());
        Training training = encoder.training();
        json.putObject("training")
                .put("seed", training.seed())
                .put("epochs", training.epochs())
                .put("batch", training.batch())
                .put("learningRate", training.learningRate())
                .put("schedule", training.schedule())
                .put("validationShare", training.validationShare())
                .put("patience", training.patience())
                .put("neighbourhood", training.neighbourhood())
                .put("start", training.start());
        return json;
    }

    private static ObjectNode json(Tiers tiers) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("stm")
                .put("capacity", tiers.stm().capacity())
                .put("timeToLive", tiers.stm().timeToLive().toString());
        json.putObject("im")
                .put("capacity", tiers.im().capacity())
                .put("timeToLive", tiers.im().timeToLive().toString());
        json.putObject("ltm")
                .put("capacity", tiers.ltm().capacity().orElse(null))
                .put(
                        "timeToLive",
                        tiers.ltm().timeToLive().map(Duration::toString).orElse(null));
        json.putObject("merge")
                .put("enabled", tiers.merge().enabled())
                .put("diameter", tiers.merge().diameter());
        return json;
    }
}
