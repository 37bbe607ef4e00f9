package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.encoder.AutoencoderTraining;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When and how a space trains encoders.
 *
 * @param trainAfter how many memories a space has when it trains its first encoder by itself; 0 for never
 * @param sample how many of the newest states a training sees at most, at least 50
 * @param training how the autoencoder is trained
 * @param activation whether a trained encoder takes over
 */
public record EncoderSettings(long trainAfter, int sample, AutoencoderTraining training, Activation activation) {
    /** The fewest states an encoder is trained on. */
    public static final int LEAST_STATES = 50;

    private static final Set<String> MEMBERS = Set.of("trainAfter", "sample", "activation", "training");
    private static final Set<String> TRAINING = Set.of(
            "seed",
            "epochs",
            "batch",
            "learningRate",
            "schedule",
            "validationShare",
            "patience",
            "neighbourhood",
            "start");

    public EncoderSettings {
        Objects.requireNonNull(training, "training");
        Objects.requireNonNull(activation, "activation");
        if (trainAfter < 0) {
            throw new InvalidInput("trainAfter", "is at least 0, not " + trainAfter);
        }
        if (sample < LEAST_STATES || sample > 1_000_000) {
            throw new InvalidInput("sample", "is between " + LEAST_STATES + " and 1000000, not " + sample);
        }
    }

    /** Whether a trained encoder takes over. The JSON name is the constant's in lower camel case. */
    public enum Activation {
        /** If it is not worse than the active one on states neither has seen. */
        IF_NOT_WORSE("ifNotWorse"),
        /** In any case. */
        ALWAYS("always"),
        /** Only when somebody asks for it. */
        NEVER("never");

        private final String jsonName;

        Activation(String jsonName) {
            this.jsonName = jsonName;
        }

        /** The name in JSON. */
        public String jsonName() {
            return jsonName;
        }

        private static Activation parse(String name) {
            for (Activation activation : values()) {
                if (activation.jsonName.equals(name)) {
                    return activation;
                }
            }
            throw new InvalidInput("activation", "is ifNotWorse, always or never, not '" + name + "'");
        }
    }

    /** Trains after 1,000 memories on at most 20,000 states and activates what is not worse. */
    public static EncoderSettings defaults() {
        return new EncoderSettings(1_000, 20_000, AutoencoderTraining.seeded(1), Activation.IF_NOT_WORSE);
    }

    /** These settings with another number of memories after which the first training begins. */
    public EncoderSettings withTrainAfter(long memories) {
        return new EncoderSettings(memories, sample, training, activation);
    }

    /**
     * Reads settings; what they leave out is taken from these.
     *
     * @throws InvalidInput naming every unknown or unsuitable field
     */
    public EncoderSettings merge(JsonNode json) {
        Reader reader = new Reader(json, "", MEMBERS);
        long readTrainAfter = reader.whole("trainAfter", trainAfter);
        long readSample = reader.whole("sample", sample);
        String readActivation = reader.text("activation", activation.jsonName());
        JsonNode trainingJson = json.get("training");
        Reader inner = new Reader(
                trainingJson == null ? JsonNodeFactory.instance.objectNode() : trainingJson, "training", TRAINING);
        AutoencoderTraining readTraining = inner.checked(() -> new AutoencoderTraining(
                inner.whole("seed", training.seed()),
                Math.toIntExact(inner.whole("epochs", training.epochs())),
                Math.toIntExact(inner.whole("batch", training.batch())),
                inner.number("learningRate", training.learningRate()),
                inner.constant("schedule", training.schedule(), AutoencoderTraining.Schedule.class),
                inner.number("validationShare", training.validationShare()),
                Math.toIntExact(inner.whole("patience", training.patience())),
                inner.number("neighbourhood", training.neighbourhood()),
                inner.constant("start", training.start(), AutoencoderTraining.Start.class)));
        List<FieldError> errors = new ArrayList<>(reader.errors);
        errors.addAll(inner.errors);
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
        return new EncoderSettings(
                readTrainAfter, Math.toIntExact(readSample), readTraining, Activation.parse(readActivation));
    }

    /** The settings as {@link #merge} reads them. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("trainAfter", trainAfter).put("sample", sample).put("activation", activation.jsonName());
        json.putObject("training")
                .put("seed", training.seed())
                .put("epochs", training.epochs())
                .put("batch", training.batch())
                .put("learningRate", training.learningRate())
                .put("schedule", lower(training.schedule()))
                .put("validationShare", training.validationShare())
                .put("patience", training.patience())
                .put("neighbourhood", training.neighbourhood())
                .put("start", lower(training.start()));
        return json;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Reads the members of one object and gathers what is wrong with them. */
    private static final class Reader {
        private final JsonNode json;
        private final String prefix;
        private final List<FieldError> errors = new ArrayList<>();

        Reader(JsonNode json, String prefix, Set<String> members) {
            this.json = json;
            this.prefix = prefix;
            if (!json.isObject()) {
                errors.add(new FieldError(prefix, "is a JSON object"));
            }
            json.fieldNames().forEachRemaining(name -> {
                if (!members.contains(name)) {
                    wrong(
                            name,
                            "is not known; known are "
                                    + members.stream().sorted().toList());
                }
            });
        }

        long whole(String member, long absent) {
            JsonNode value = present(member);
            if (value == null) {
                return absent;
            }
            boolean fits = member.equals("seed") ? value.canConvertToLong() : value.canConvertToInt();
            if (!value.isIntegralNumber() || !fits) {
                wrong(member, "is a whole number");
                return absent;
            }
            return value.longValue();
        }

        double number(String member, double absent) {
            JsonNode value = present(member);
            if (value == null) {
                return absent;
            }
            if (!value.isNumber()) {
                wrong(member, "is a number");
                return absent;
            }
            return value.doubleValue();
        }

        String text(String member, String absent) {
            JsonNode value = present(member);
            if (value == null) {
                return absent;
            }
            if (!value.isTextual()) {
                wrong(member, "is a text");
                return absent;
            }
            return value.textValue();
        }

        <E extends Enum<E>> E constant(String member, E absent, Class<E> type) {
            String name = text(member, lower(absent));
            for (E constant : type.getEnumConstants()) {
                if (lower(constant).equals(name)) {
                    return constant;
                }
            }
            wrong(member, "is not '" + name + "'");
            return absent;
        }

        AutoencoderTraining checked(Supplier<AutoencoderTraining> reading) {
            try {
                return reading.get();
            } catch (InvalidInput e) {
                errors.addAll(e.under(prefix).errors());
                return AutoencoderTraining.seeded(1);
            }
        }

        private @Nullable JsonNode present(String member) {
            JsonNode value = json.get(member);
            return value == null || value.isNull() ? null : value;
        }

        private void wrong(String member, String message) {
            errors.add(new FieldError(prefix.isEmpty() ? member : prefix + "." + member, message));
        }
    }
}
