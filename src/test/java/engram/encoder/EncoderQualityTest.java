package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import engram.error.InvalidInput;
import engram.feature.Features;
import engram.run.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncoderQualityTest {
    private static final List<Features> STATES = RecordedStates.gathering();

    @Test
    void measuresVersionZeroOnRecordedStates() {
        QualityMeasurement measurement = measurement(STATES.subList(0, 1200), 1);
        try (Encoder encoder = new RandomProjectionEncoder(512, 1, RecordedStates.reference())) {
            EncoderQuality quality = measurement.measure(encoder);
            assertThat(quality.states()).isEqualTo(1200);
            assertThat(quality.queries()).isEqualTo(1000);
            assertThat(quality.neighbours()).isEqualTo(10);
            assertThat(quality.full().kept()).isEqualTo(1, within(0.001));
            assertThat(quality.compressed().kept()).isGreaterThan(0.9);
            assertThat(quality.abstracted().kept()).isBetween(0.7, 0.95);
            assertThat(quality.full().error()).isLessThan(1e-3);
            assertThat(quality.abstracted().error()).isBetween(0.01, 0.15);
            assertThat(quality.full().principalKept()).isEqualTo(1, within(0.001));
            assertThat(quality.full().principalError()).isLessThan(1e-6);
            assertThat(quality.abstracted().principalKept()).isBetween(0.7, 0.95);
            assertThat(measurement(STATES.subList(0, 1200), 1).measure(encoder)).isEqualTo(quality);
        }
    }

    @Test
    void countsTheNeighboursThatARandomVectorKeeps() {
        float[][] rows = random(400, 40);
        QualityMeasurement measurement =
                new QualityMeasurement(rows, new boolean[400][40], rows, 1, Progress.unobserved());
        EncoderQuality quality = measurement.measure(new Meaningless());
        assertThat(quality.full().kept()).isCloseTo(10.0 / 399, within(0.015));
        assertThat(quality.full().error()).as("no slot was present").isZero();
    }

    @Test
    void returnedNeighboursThatAreEquallyNearCount() {
        float[][] rows = new float[60][4];
        for (int i = 0; i < rows.length; i++) {
            rows[i][i % 4] = 1;
        }
        EncoderQuality quality = new QualityMeasurement(rows, present(rows), rows, 1, Progress.unobserved())
                .measure(new RandomProjectionEncoder(4, 1, new float[4]));
        assertThat(quality.full().kept()).isEqualTo(1);
        assertThat(quality.abstracted().kept()).isEqualTo(1);
    }

    @Test
    void namesWhereAnEncoderIsWorse() {
        EncoderQuality active = quality(1, 0.95, 0.8, 0.02);
        assertThat(active.worseThan(active)).isEmpty();
        assertThat(quality(0.975, 0.93, 0.78, 0.0209).worseThan(active))
                .as("within the noise of the sample")
                .isEmpty();
        assertThat(quality(1, 1, 1, 0).worseThan(active)).isEmpty();
        assertThat(quality(0.96, 1, 1, 0).worseThan(active))
                .singleElement()
                .asString()
                .contains("384", "0.960", "1.000");
        assertThat(quality(0.96, 0.91, 0.76, 0.03).worseThan(active)).hasSize(4);
        assertThat(quality(1, 1, 1, 0.0009).worseThan(quality(1, 1, 1, 0)))
                .as("an error nobody minds")
                .isEmpty();
    }

    @Test
    void stopsWhenCancelled() {
        Progress cancelled = new Progress() {
            @Override
            public void report(double fraction, String message, Map<String, Double> metrics) {}

            @Override
            public void checkCancelled() {
                throw new CancellationException();
            }
        };
        float[][] rows = random(20, 5);
        assertThatThrownBy(() -> new QualityMeasurement(rows, present(rows), rows, 1, cancelled))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void refusesRowsThatDoNotFit() {
        float[][] rows = random(20, 5);
        float[][] one = random(1, 5);
        assertThatThrownBy(() -> new QualityMeasurement(one, present(one), rows, 1, Progress.unobserved()))
                .isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> new QualityMeasurement(rows, present(one), rows, 1, Progress.unobserved()))
                .isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> new QualityMeasurement(rows, present(rows), new float[0][], 1, Progress.unobserved()))
                .isInstanceOf(InvalidInput.class);
    }

    private static EncoderQuality quality(double full, double compressed, double abstracted, double error) {
        return new EncoderQuality(
                500,
                100,
                10,
                new EncoderQuality.Figures(0.01, full, 0, 1),
                new EncoderQuality.Figures(0.01, compressed, 0, 1),
                new EncoderQuality.Figures(error, abstracted, 0, 1));
    }

    private static QualityMeasurement measurement(List<Features> states, long seed) {
        float[][] rows = RecordedStates.values(states);
        boolean[][] present = states.stream().map(Features::present).toArray(boolean[][]::new);
        return new QualityMeasurement(rows, present, rows, seed, Progress.unobserved());
    }

    private static float[][] random(int rows, int columns) {
        Random random = new Random(1);
        float[][] values = new float[rows][columns];
        for (float[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextFloat();
            }
        }
        return values;
    }

    private static boolean[][] present(float[][] rows) {
        return IntStream.range(0, rows.length)
                .mapToObj(row -> {
                    boolean[] all = new boolean[rows[row].length];
                    Arrays.fill(all, true);
                    return all;
                })
                .toArray(boolean[][]::new);
    }

    /** An encoder whose vectors have nothing to do with the features. */
    private static final class Meaningless implements Encoder {
        private final Random random = new Random(2);

        @Override
        public int version() {
            return 1;
        }

        @Override
        public int inputs() {
            return 40;
        }

        @Override
        public float[][] encode(float[][] features) {
            return random(features.length, 384, random);
        }

        @Override
        public float[][] reconstruct(float[][] vectors, Resolution resolution) {
            return random(vectors.length, 40, random);
        }

        @Override
        public float[] compress(float[] vector, Resolution from, Resolution to) {
            return Arrays.copyOf(vector, to.dimensions());
        }

        @Override
        public double score(Resolution resolution, double distance) {
            return ScoreScale.ISOMETRIC.score(resolution, distance);
        }

        @Override
        public double distance(Resolution resolution, double score) {
            return ScoreScale.ISOMETRIC.distance(resolution, score);
        }

        @Override
        public void close() {}

        private static float[][] random(int rows, int columns, Random random) {
            float[][] values = new float[rows][columns];
            for (float[] row : values) {
                for (int i = 0; i < columns; i++) {
                    row[i] = random.nextFloat();
                }
            }
            return values;
        }
    }
}
