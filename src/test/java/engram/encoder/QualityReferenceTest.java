package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Principal components and exact search beside those of scikit-learn; {@code src/test/python/quality_reference.py}. */
class QualityReferenceTest {
    private static final float[][] ROWS =
            IntStream.range(0, 60).mapToObj(QualityReferenceTest::row).toArray(float[][]::new);
    private static JsonNode reference;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream file = QualityReferenceTest.class.getResourceAsStream("quality-reference.json")) {
            reference = new ObjectMapper().readTree(Objects.requireNonNull(file));
        }
    }

    @Test
    void componentsHaveTheVarianceThatScikitLearnFinds() {
        PrincipalComponents components = PrincipalComponents.of(ROWS);
        JsonNode variance = reference.get("variance");
        float[][] projected = projected(components, 12);
        assertThat(projected[0]).as("one column never varies").hasSize(11).hasSameSizeAs(variance);
        for (int c = 0; c < 11; c++) {
            int component = c;
            double sum = IntStream.range(0, ROWS.length)
                    .mapToDouble(row -> projected[row][component] * (double) projected[row][component])
                    .sum();
            double expected = variance.get(c).doubleValue();
            assertThat(sum / (ROWS.length - 1)).isCloseTo(expected, within(expected * 1e-4 + 1e-9));
        }
    }

    @Test
    void componentsRebuildAsWellAsThoseOfScikitLearn() {
        PrincipalComponents components = PrincipalComponents.of(ROWS);
        for (JsonNode expected : reference.get("widths")) {
            double sum = 0;
            for (float[] row : ROWS) {
                float[] rebuilt = components.reconstruct(
                        components.project(row, expected.get("width").intValue()));
                sum += Distances.squared(rebuilt, row) / row.length;
            }
            double error = expected.get("error").doubleValue();
            assertThat(sum / ROWS.length).isCloseTo(error, within(error * 1e-4));
        }
    }

    @Test
    void exactSearchFindsWhatScikitLearnFinds() {
        NearestNeighbours search = new NearestNeighbours(ROWS);
        for (int query = 0; query < ROWS.length; query++) {
            int[] expected = new int[10];
            for (int i = 0; i < 10; i++) {
                expected[i] = reference.get("neighbours").get(query).get(i).intValue();
            }
            assertThat(search.nearest(query, 10)).containsExactly(expected);
        }
    }

    private static float[][] projected(PrincipalComponents components, int width) {
        float[][] projected = new float[ROWS.length][];
        for (int row = 0; row < ROWS.length; row++) {
            projected[row] = components.project(ROWS[row], width);
        }
        return projected;
    }

    private static float[] row(int index) {
        float[] values = new float[12];
        for (int c = 0; c < values.length; c++) {
            double cause = number(index * 4 + c % 4, 1);
            values[c] = (float) (cause * (c + 1) / 13 + number(index * 12 + c, 2) / 16);
        }
        values[4] = 0.25f;
        return values;
    }

    private static double number(long index, long salt) {
        long x = (index * 2654435761L + salt * 40503 + 1) & 0xffffffffL;
        x = ((x ^ (x >> 15)) * 2246822519L) & 0xffffffffL;
        x = ((x ^ (x >> 13)) * 3266489917L) & 0xffffffffL;
        return (x ^ (x >> 16)) / 4294967296.0;
    }
}
