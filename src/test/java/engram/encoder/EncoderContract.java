package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import engram.error.InvalidInput;
import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every encoder must keep to. Randomised from a seed that a failure prints. */
abstract class EncoderContract {
    private final long seed = Long.getLong("engram.test.seed", System.nanoTime());
    private final RandomGenerator random = new Random(seed);
    protected Encoder encoder;

    /** A new encoder of at least 40 inputs; closed after the test. */
    protected abstract Encoder create();

    @BeforeEach
    final void open() {
        encoder = create();
    }

    @AfterEach
    final void close() {
        encoder.close();
    }

    @Test
    final void encodesABatchRowByRow() {
        float[][] features = features(70);
        float[][] vectors = encoder.encode(features);
        assertThat(vectors).hasDimensions(70, 384);
        for (int row : new int[] {0, 33, 69}) {
            float[] alone = encoder.encode(new float[][] {features[row]})[0];
            assertThat(distance(alone, vectors[row])).as(what("row " + row)).isLessThan(1e-4);
        }
        assertThat(encoder.encode(new float[0][])).isEmpty();
    }

    @Test
    final void leavesItsArgumentsAloneAndHandsOutNewArrays() {
        float[][] features = features(3);
        float[][] before = Arrays.stream(features).map(float[]::clone).toArray(float[][]::new);
        float[] vector = encoder.encode(features)[1];
        assertThat(features).isDeepEqualTo(before);
        float[] copy = vector.clone();
        assertThat(encoder.compress(vector, Resolution.FULL, Resolution.FULL))
                .isEqualTo(copy)
                .isNotSameAs(vector);
        encoder.compress(vector, Resolution.FULL, Resolution.ABSTRACT);
        encoder.reconstruct(new float[][] {vector}, Resolution.FULL);
        assertThat(vector).isEqualTo(copy);
    }

    @Test
    final void compressesInOneStepAsInTwo() {
        for (float[] vector : encoder.encode(features(20))) {
            float[] compressed = encoder.compress(vector, Resolution.FULL, Resolution.COMPRESSED);
            float[] twice = encoder.compress(compressed, Resolution.COMPRESSED, Resolution.ABSTRACT);
            assertThat(compressed).hasSize(128);
            assertThat(twice)
                    .as(what("32 numbers"))
                    .hasSize(32)
                    .isEqualTo(encoder.compress(vector, Resolution.FULL, Resolution.ABSTRACT));
        }
    }

    @Test
    final void reconstructsFeaturesFromEveryResolution() {
        float[][] vectors = encoder.encode(features(5));
        for (Resolution resolution : Resolution.values()) {
            float[][] narrow = Arrays.stream(vectors)
                    .map(vector -> encoder.compress(vector, Resolution.FULL, resolution))
                    .toArray(float[][]::new);
            float[][] features = encoder.reconstruct(narrow, resolution);
            assertThat(features).hasDimensions(5, encoder.inputs());
            for (float[] row : features) {
                for (float value : row) {
                    assertThat(value).as(what(resolution)).isBetween(0f, 1f);
                }
            }
        }
    }

    @Test
    final void scoresFallFromOneAndLeadBackToTheDistance() {
        for (Resolution resolution : Resolution.values()) {
            assertThat(encoder.score(resolution, 0)).isEqualTo(1);
            double last = 1;
            for (double distance = 0.001; distance < 100; distance *= 1.7) {
                double score = encoder.score(resolution, distance);
                assertThat(score)
                        .as("%s at %s", resolution, distance)
                        .isLessThan(last)
                        .isPositive();
                assertThat(encoder.distance(resolution, score)).isCloseTo(distance, within(distance * 1e-6));
                last = score;
            }
        }
    }

    @Test
    final void namesWhatDoesNotFit() {
        float[][] features = features(2);
        assertInvalid("features[1]", () -> encoder.encode(new float[][] {features[0], new float[3]}));
        features[1][7] = Float.NaN;
        assertInvalid("features[1][7]", () -> encoder.encode(features));
        assertInvalid("vectors[0]", () -> encoder.reconstruct(new float[1][384], Resolution.ABSTRACT));
        assertInvalid("vector", () -> encoder.compress(new float[32], Resolution.FULL, Resolution.ABSTRACT));
        assertInvalid("to", () -> encoder.compress(new float[32], Resolution.ABSTRACT, Resolution.FULL));
        assertInvalid("score", () -> encoder.distance(Resolution.FULL, 1.1));
    }

    @Test
    final void answersManyThreadsAtOnce() {
        float[][] features = features(8);
        float[][] expected = encoder.encode(features);
        boolean[] same = new boolean[200];
        IntStream.range(0, same.length).parallel().forEach(i -> {
            same[i] = Arrays.deepEquals(encoder.encode(features), expected);
        });
        assertThat(same).doesNotContain(false);
    }

    @Test
    final void failsOnceClosed() {
        float[][] features = features(1);
        encoder.close();
        encoder.close();
        assertThatThrownBy(() -> encoder.encode(features)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.reconstruct(new float[1][32], Resolution.ABSTRACT))
                .isInstanceOf(IllegalStateException.class);
    }

    /** Rows of numbers in [0,1], half of them at 0. */
    protected final float[][] features(int rows) {
        float[][] features = new float[rows][encoder.inputs()];
        for (float[] row : features) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextBoolean() ? random.nextFloat() : 0;
            }
        }
        return features;
    }

    static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    protected final String what(Object what) {
        return what + " with -Dengram.test.seed=" + seed;
    }

    private static void assertInvalid(String field, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.errors())
                .first()
                .satisfies(error -> assertThat(error.field()).isEqualTo(field)));
    }
}
