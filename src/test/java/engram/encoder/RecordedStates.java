package engram.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.feature.FeatureExtractor;
import engram.feature.FeatureSchema;
import engram.feature.Features;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPInputStream;

/** The features of the recorded episodes, and of states made up at random. */
final class RecordedStates {
    static final List<String> ENVIRONMENTS =
            List.of("Acrobot-v1", "CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final FeatureExtractor DEFAULTS = new FeatureExtractor(FeatureSchema.defaults());

    private RecordedStates() {}

    /** What the default schema makes of a state that says nothing. */
    static float[] reference() {
        return DEFAULTS.extract(JSON.createObjectNode()).values();
    }

    /** The states of the gathering world under the default schema. */
    static List<Features> gathering() {
        return lines("gathering").stream()
                .skip(1)
                .map(line -> DEFAULTS.extract(line.get("state")))
                .toList();
    }

    /** Its actions in their states: more undeclared fields. */
    static List<Features> gatheringActions() {
        return lines("gathering").stream()
                .skip(1)
                .map(line -> DEFAULTS.extractAction(line.get("action"), line.get("state")))
                .toList();
    }

    /** The observations of a Gymnasium environment under a schema of its bounds. */
    static List<Features> environment(String name) {
        List<JsonNode> lines = lines(name);
        FeatureExtractor extractor = new FeatureExtractor(schema(lines.getFirst()));
        return lines.stream()
                .skip(1)
                .map(line -> extractor.extract(line.get("observation")))
                .toList();
    }

    /** A state of declared fields, a square grid and undeclared numbers, each there or not. */
    static float[] random(RandomGenerator random, int side, int undeclared) {
        ObjectNode state = JSON.createObjectNode();
        for (FeatureSchema.Numeric field : FeatureSchema.defaults().numeric()) {
            if (random.nextInt(10) > 0) {
                state.put(field.field(), field.min() + random.nextDouble() * (field.max() - field.min()));
            }
        }
        for (FeatureSchema.Categorical field : FeatureSchema.defaults().categorical()) {
            if (random.nextInt(10) > 0) {
                state.put(
                        field.field(),
                        field.values().get(random.nextInt(field.values().size())));
            }
        }
        if (side > 0) {
            double filled = random.nextDouble();
            ArrayNode grid = state.putObject("perception").putArray("grid");
            for (int row = 0; row < side; row++) {
                ArrayNode cells = grid.addArray();
                for (int column = 0; column < side; column++) {
                    cells.add(random.nextDouble() < filled ? random.nextDouble() : 0);
                }
            }
        }
        for (int i = 0; i < undeclared; i++) {
            state.put("field_" + i, random.nextGaussian() * 3);
        }
        return DEFAULTS.extract(state).values();
    }

    static float[][] values(List<Features> features) {
        return features.stream().map(Features::values).toArray(float[][]::new);
    }

    private static FeatureSchema schema(JsonNode header) {
        JsonNode space = header.get("observation");
        ObjectNode schema = JSON.createObjectNode();
        ObjectNode observation = schema.putObject("observation");
        for (String side : List.of("low", "high")) {
            ArrayNode bounds = observation.putArray(side);
            for (int i = 0; i < space.get("low").size(); i++) {
                boolean bounded = !space.get("low").get(i).isNull()
                        && !space.get("high").get(i).isNull();
                String seen = side.equals("low") ? "lowestSeen" : "highestSeen";
                bounds.add(space.get(bounded ? side : seen).get(i));
            }
        }
        return FeatureSchema.parse(schema);
    }

    private static List<JsonNode> lines(String recording) {
        Path file = Path.of("samples/recordings", recording + ".ndjson.gz");
        List<JsonNode> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }
}
