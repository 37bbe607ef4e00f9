package engram.environment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What Gymnasium did, as {@code record.py} wrote it down. */
record Recording(JsonNode header, List<Seeding> seedings, List<Episode> episodes) {
    /** @param initials the states after {@code reset(seed)} and two further {@code reset()}, one after the other */
    @SuppressWarnings("ArrayRecordComponent")
    record Seeding(long seed, double[] initials) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Episode(
            @Nullable Long seed,
            double @Nullable [] given,
            double[] initial,
            float[] first,
            float[] actions,
            double[] states,
            float[] observations,
            double[] rewards,
            boolean terminated,
            boolean truncated) {}

    static Recording read(String name) {
        ObjectMapper mapper = new ObjectMapper();
        List<Seeding> seedings = new ArrayList<>();
        List<Episode> episodes = new ArrayList<>();
        try (InputStream file = Objects.requireNonNull(Recording.class.getResourceAsStream(name + ".ndjson.gz"), name);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
            JsonNode header = mapper.readTree(lines.readLine());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode entry = mapper.readTree(line);
                if (entry.has("initials")) {
                    seedings.add(new Seeding(entry.get("seed").longValue(), doubles(entry, "initials")));
                } else {
                    episodes.add(episode(entry));
                }
            }
            return new Recording(header, seedings, episodes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    OptionalDouble rewardThreshold() {
        JsonNode threshold = header.get("rewardThreshold");
        return threshold.isNull() ? OptionalDouble.empty() : OptionalDouble.of(threshold.doubleValue());
    }

    private static Episode episode(JsonNode entry) {
        return new Episode(
                entry.get("seed").isNull() ? null : entry.get("seed").longValue(),
                entry.get("given").isNull() ? null : doubles(entry.get("given")),
                doubles(entry, "initial"),
                floats(entry, "first"),
                floats(entry, "actions"),
                doubles(entry, "states"),
                floats(entry, "observations"),
                doubles(entry, "rewards"),
                entry.get("terminated").booleanValue(),
                entry.get("truncated").booleanValue());
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).doubleValue();
        }
        return values;
    }

    private static double[] doubles(JsonNode entry, String field) {
        ByteBuffer bytes = bytes(entry, field);
        double[] values = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(values);
        return values;
    }

    private static float[] floats(JsonNode entry, String field) {
        ByteBuffer bytes = bytes(entry, field);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private static ByteBuffer bytes(JsonNode entry, String field) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(entry.get(field).textValue()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
