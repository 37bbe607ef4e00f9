package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import engram.error.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomProjectionEncoderTest extends EncoderContract {
    private static final Random RANDOM = new Random(5);

    @Override
    protected Encoder create() {
        return new RandomProjectionEncoder(512, 1, RecordedStates.reference());
    }

    @Test
    void embedsTheEmptyStateAtTheOrigin() {
        assertThat(encoder.version()).isZero();
        assertThat(encoder.encode(new float[][] {RecordedStates.reference()})[0])
                .containsOnly(0f);
    }

    @Test
    void keepsDistancesWithinTheFirst32SlotsAndWithinEveryOtherBlock() {
        for (int block = 0; block < 16; block++) {
            float[][] pair = pair(block * 32, block * 32 + 32);
            for (Resolution resolution : Resolution.values()) {
                assertThat(distance(encoder, pair, resolution))
                        .as("block %s at %s", block, resolution)
                        .isCloseTo(distance(pair[0], pair[1]), within(1e-5));
            }
        }
    }

    @Test
    void roughReconstructionTellsStatesBeyondTheFirst384SlotsFromOthers() {
        float[] usual = RecordedStates.reference();
        Arrays.fill(usual, 0, 384, 0.75f);
        float[] unusual = usual.clone();
        Arrays.fill(unusual, 384, 400, 1f);

        assertThat(roughError(usual)).isLessThan(0.1 * roughError(unusual));
    }

    private double roughError(float[] features) {
        float[][] rebuilt = encoder.reconstructRoughly(encoder.encode(new float[][] {features}));
        return distance(rebuilt[0], features);
    }

    @Test
    void keepsDistancesOfThePrefixThatFits() {
        float[][] first128 = pair(0, 128);
        assertThat(distance(encoder, first128, Resolution.COMPRESSED))
                .isCloseTo(distance(first128[0], first128[1]), within(1e-5));
        float[][] first384 = pair(0, 384);
        assertThat(distance(encoder, first384, Resolution.FULL))
                .isCloseTo(distance(first384[0], first384[1]), within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1056})
    void twoSlotsDisturbEachOtherByAQuarterAtMost(int inputs) {
        try (Encoder any = new RandomProjectionEncoder(inputs, 99, new float[inputs])) {
            float[][] units = new float[inputs][inputs];
            for (int slot = 0; slot < inputs; slot++) {
                units[slot][slot] = 1;
            }
            float[][] columns = Arrays.stream(any.encode(units))
                    .map(vector -> any.compress(vector, Resolution.FULL, Resolution.ABSTRACT))
                    .toArray(float[][]::new);
            for (int a = 0; a < inputs; a++) {
                for (int b = 0; b <= a; b++) {
                    double product = 0;
                    for (int i = 0; i < 32; i++) {
                        product += columns[a][i] * columns[b][i];
                    }
                    assertThat(Math.abs(product - (a == b ? 1 : 0)))
                            .as("slots %s and %s", a, b)
                            .isLessThan(a == b ? 1e-5 : 0.250001);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 33, 383, 385, 500, 2000, 4096})
    void takesAnyNumberOfInputs(int inputs) {
        try (Encoder any = new RandomProjectionEncoder(inputs, 3, new float[inputs])) {
            float[] features = new float[inputs];
            features[inputs - 1] = 0.75f;
            float[] vector = any.encode(new float[][] {features})[0];
            for (Resolution resolution : Resolution.values()) {
                float[] narrow = any.compress(vector, Resolution.FULL, resolution);
                assertThat(distance(narrow, new float[narrow.length])).isCloseTo(0.75, within(1e-5));
                assertThat(any.reconstruct(new float[][] {narrow}, resolution)[0])
                        .hasSize(inputs);
            }
        }
    }

    @Test
    void anotherSeedTurnsOtherwise() {
        try (Encoder other = new RandomProjectionEncoder(512, 2, RecordedStates.reference())) {
            float[][] dense = features(1);
            float[] vector = encoder.encode(dense)[0];
            assertThat(other.encode(dense)[0]).isNotEqualTo(vector);
        }
    }

    @Test
    void findsTheDeclaredFieldsAgain() {
        float[][] states = RecordedStates.values(RecordedStates.gathering().subList(0, 200));
        assertThat(declaredError(states, Resolution.FULL)).isLessThan(1e-4);
        assertThat(declaredError(states, Resolution.COMPRESSED)).isLessThan(1e-4);
        assertThat(declaredError(states, Resolution.ABSTRACT)).isLessThan(0.06);
    }

    @Test
    void refusesAReferenceThatDoesNotFit() {
        assertThatThrownBy(() -> new RandomProjectionEncoder(3, 1, new float[2]))
                .isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> new RandomProjectionEncoder(0, 1, new float[0]))
                .isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> new RandomProjectionEncoder(2, 1, new float[] {0, 2}))
                .isInstanceOf(InvalidInput.class);
    }

    /** Vectors in existing stores were made with exactly these numbers: never change them, add a version instead. */
    @Test
    void makesTheVectorsItAlwaysMade() throws NoSuchAlgorithmException {
        float[][] features = new float[4][512];
        for (int row = 0; row < features.length; row++) {
            for (int slot = 0; slot < 512; slot++) {
                features[row][slot] = (slot * 37 + row * 101) % 257 / 256f;
            }
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (float[] vector : encoder.encode(features)) {
            for (Resolution resolution : Resolution.values()) {
                float[] narrow = encoder.compress(vector, Resolution.FULL, resolution);
                ByteBuffer bytes = ByteBuffer.allocate(4 * narrow.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(narrow);
                digest.update(bytes);
            }
        }
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo("83712949941f52c84a85f7728593f1de96c4b17df33ec2bf191ff13e7ee6ea43");
    }

    private double declaredError(float[][] states, Resolution resolution) {
        float[][] vectors = Arrays.stream(encoder.encode(states))
                .map(vector -> encoder.compress(vector, Resolution.FULL, resolution))
                .toArray(float[][]::new);
        float[][] rebuilt = encoder.reconstruct(vectors, resolution);
        double sum = 0;
        for (int row = 0; row < states.length; row++) {
            for (int slot = 0; slot < 20; slot++) {
                double error = rebuilt[row][slot] - states[row][slot];
                sum += error * error;
            }
        }
        return sum / states.length / 20;
    }

    private static double distance(Encoder encoder, float[][] pair, Resolution resolution) {
        float[][] vectors = encoder.encode(pair);
        return distance(
                encoder.compress(vectors[0], Resolution.FULL, resolution),
                encoder.compress(vectors[1], Resolution.FULL, resolution));
    }

    /** Two feature vectors that differ in the slots of a range only. */
    private static float[][] pair(int from, int to) {
        float[][] pair = new float[2][512];
        for (int slot = from; slot < to; slot++) {
            pair[0][slot] = RANDOM.nextFloat();
            pair[1][slot] = RANDOM.nextFloat();
        }
        return pair;
    }
}
