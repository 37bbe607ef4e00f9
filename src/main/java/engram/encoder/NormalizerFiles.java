package engram.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.environment.ObservationSpace;
import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.tensor.ParameterValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The state normalisers of environments on disk: a directory an environment, in it a directory {@code v<number>} a version,
 * written whole or not at all, with the weights, a description and the SHA-256 of both. Thread-safe within a process.
 */
public final class NormalizerFiles {
    /** The version of the format written; all from 1 on are read. */
    public static final int FORMAT_VERSION = 1;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path directory;

    /** @param directory of all environments; created with the first version */
    public NormalizerFiles(Path directory) {
        this.directory = directory;
    }

    /** The numbers of an environment's versions, ascending, damaged ones included. */
    public List<Integer> versions(String environment) {
        return files(environment).versions();
    }

    /**
     * Keeps a trained normaliser durably as the newest version of its environment.
     *
     * @param observations what the environment's look like
     * @return its number
     * @throws InvalidInput if it is linear, belongs to no environment or takes observations of another width
     * @throws engram.error.StorageFull if there is no room; nothing of it is kept
     * @throws engram.error.Unavailable if it cannot be written for another reason; nothing of it is kept
     */
    public synchronized int save(StateNormalizer normalizer, ObservationSpace observations, Instant created) {
        if (!normalizer.isTrained()) {
            throw new InvalidInput("normalizer", "has not been trained");
        }
        if (normalizer.width() != observations.width()) {
            throw new InvalidInput(
                    "normalizer",
                    "takes observations of " + normalizer.width() + " numbers, but the environment's have "
                            + observations.width());
        }
        EncoderFiles files = files(normalizer.environment());
        List<Integer> versions = files.versions();
        int version = versions.isEmpty() ? 1 : versions.getLast() + 1;
        SequencedMap<String, Weight> weights = new LinkedHashMap<>();
        for (ParameterValues.Entry entry : normalizer.values().entries()) {
            weights.put(
                    entry.name(),
                    Weight.of(
                            entry.values(),
                            entry.shape().stream().mapToInt(Integer::intValue).toArray()));
        }
        ObjectNode description = MAPPER.createObjectNode()
                .put("formatVersion", FORMAT_VERSION)
                .put("environment", normalizer.environment())
                .put("width", normalizer.width())
                .put("version", version)
                .put("created", created.toString())
                .put("trainingError", normalizer.quality().training())
                .put("heldOutError", normalizer.quality().heldOut())
                .put("observations", normalizer.quality().observations());
        bounds(description.putArray("low"), observations.low());
        bounds(description.putArray("high"), observations.high());
        try {
            files.write(
                    version,
                    EncoderParts.summed(
                            WeightsCodec.encode(new Weights(weights)),
                            MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(description)));
        } catch (IOException e) {
            throw new UncheckedIOException("a tree cannot be written as JSON", e);
        }
        return version;
    }

    private static void bounds(ArrayNode json, float[] bounds) {
        for (float bound : bounds) {
            if (Float.isInfinite(bound)) {
                json.addNull();
            } else {
                json.add(bound);
            }
        }
    }

    private static float[] bounds(JsonNode json, float unbounded) {
        float[] bounds = new float[json.size()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = json.path(i).isNull() ? unbounded : json.path(i).floatValue();
        }
        return bounds;
    }

    /**
     * Reads a version.
     *
     * @throws engram.error.NotFound if there is none of this number
     * @throws Damaged if a file does not match its checksum or belongs to another environment, naming the file
     * @throws engram.error.Unavailable if a file cannot be read for another reason
     */
    public StoredNormalizer load(String environment, int version) {
        Path home = home(environment).resolve("v" + version);
        EncoderParts parts = files(environment)
                .read(version, List.of(EncoderParts.CHECKSUMS, EncoderParts.DESCRIPTION, EncoderParts.WEIGHTS));
        SequencedMap<String, String> sums = parts.sums(home);
        Path described = home.resolve(EncoderParts.DESCRIPTION);
        JsonNode description;
        try {
            description = MAPPER.readTree(parts.checked(EncoderParts.DESCRIPTION, sums, home));
        } catch (IOException e) {
            throw new Damaged(described + " is not JSON", e);
        }
        if (description.path("formatVersion").asInt() != FORMAT_VERSION
                || !description.path("environment").asText().equals(environment)) {
            throw new Damaged(described + " does not describe a state normaliser of '" + environment
                    + "' in a format that this Engram reads");
        }
        Weights weights = WeightsCodec.decode(
                parts.checked(EncoderParts.WEIGHTS, sums, home), home.resolve(EncoderParts.WEIGHTS));
        List<ParameterValues.Entry> entries = new ArrayList<>();
        weights.byName()
                .forEach((name, weight) ->
                        entries.add(new ParameterValues.Entry(name, weight.shape(), weight.values())));
        StateNormalizer normalizer = StateNormalizer.of(environment, new ParameterValues(entries));
        ObservationSpace observations;
        try {
            observations = new ObservationSpace(
                    bounds(description.path("low"), Float.NEGATIVE_INFINITY),
                    bounds(description.path("high"), Float.POSITIVE_INFINITY));
        } catch (InvalidInput e) {
            throw new Damaged(described + " does not say what observations look like: " + e.getMessage(), e);
        }
        if (observations.width() != normalizer.width()) {
            throw new Damaged(described + " does not belong to the weights beside it");
        }
        return new StoredNormalizer(version, normalizer, observations);
    }

    /**
     * The normaliser to use for an environment: the newest version that is whole, fits and rebuilds observations well
     * enough; a linear one where there is none. Never fails for what is on disk.
     *
     * @param observations what the environment's look like
     * @param threshold the greatest held-out error of a trained one
     */
    public Selection select(String environment, ObservationSpace observations, double threshold) {
        List<String> misfits = new ArrayList<>();
        try {
            for (int version : versions(environment).reversed()) {
                StoredNormalizer stored = read(environment, version, misfits);
                if (stored == null) {
                    continue;
                }
                List<String> reasons = stored.misfits(observations, threshold);
                if (reasons.isEmpty()) {
                    return new Selection(stored.normalizer(), version, misfits);
                }
                misfits.add("version " + version + " " + String.join(" and ", reasons));
            }
        } catch (Unavailable e) {
            misfits.add(String.valueOf(e.getMessage()));
        }
        return new Selection(StateNormalizer.linear(environment, observations.width()), 0, misfits);
    }

    private @Nullable StoredNormalizer read(String environment, int version, List<String> misfits) {
        try {
            return load(environment, version);
        } catch (Damaged | NotFound | Unavailable e) {
            misfits.add("version " + version + " cannot be read: " + e.getMessage());
            return null;
        }
    }

    private EncoderFiles files(String environment) {
        return new EncoderFiles(home(environment));
    }

    /** Names may hold anything; what is no letter, digit, hyphen or underscore is written as its bytes. */
    private Path home(String environment) {
        if (environment.isEmpty()) {
            throw new InvalidInput("environment", "must have a name");
        }
        StringBuilder name = new StringBuilder();
        for (byte each : environment.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (each & 0xff);
            boolean plain = letter < 128 && (Character.isLetterOrDigit(letter) || letter == '-' || letter == '_');
            name.append(plain ? String.valueOf(letter) : String.format(Locale.ROOT, "%%%02x", each & 0xff));
        }
        return directory.resolve(name.toString());
    }

    /**
     * What was selected.
     *
     * @param normalizer to be used
     * @param version its number; 0 for a linear one
     * @param misfits why newer ones were passed over, each a sentence without an end; empty if none was
     */
    public record Selection(StateNormalizer normalizer, int version, List<String> misfits) {
        public Selection {
            misfits = List.copyOf(misfits);
        }
    }
}
