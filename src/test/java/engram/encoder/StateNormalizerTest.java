package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import engram.environment.ObservationSpace;
import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.run.Progress;
import engram.tensor.Engines;
import engram.tensor.Formula;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import engram.tensor.Scope;
import engram.tensor.TensorEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The state normaliser: trained, linear, stored and selected. */
@Timeout(120)
class StateNormalizerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final NormalizerSettings SETTINGS = new NormalizerSettings(List.of(32), 1e-3, 3e-3, 32, 30, 0.2, 5);

    private static final ObservationSpace SPACE = space(7, 5000);

    private final TensorEngine engine = Engines.cpu();

    @TempDir
    Path directory;

    /** The third of the numbers has an upper bound, the others have none. */
    private static ObservationSpace space(int width, float bound) {
        float[] low = new float[width];
        float[] high = new float[width];
        Arrays.fill(low, Float.NEGATIVE_INFINITY);
        Arrays.fill(high, Float.POSITIVE_INFINITY);
        high[2] = bound;
        return new ObservationSpace(low, high);
    }

    /** Six numbers that hang on two, of very different sizes, and one that never changes. */
    private static float[][] observations(int count, long salt) {
        float[][] rows = new float[count][];
        for (int row = 0; row < count; row++) {
            float a = (float) (2 * Formula.number(row, salt) - 1);
            float b = (float) (2 * Formula.number(row, salt + 1) - 1);
            rows[row] = new float[] {a, b, 1000 * a + 5000, a * b, 0.01f * (a - b), 3, b * b};
        }
        return rows;
    }

    private StateNormalizer trained(String environment, int count) {
        return new NormalizerTrainer(engine)
                .train(environment, observations(count, 1), SETTINGS, Progress.unobserved());
    }

    @Test
    void rebuildsWhatItHasNeverSeen() {
        StateNormalizer normalizer = trained("world", 600);
        assertThat(normalizer.isTrained()).isTrue();
        assertThat(normalizer.quality().observations()).isEqualTo(600);
        assertThat(normalizer.quality().training()).isLessThan(0.1);
        assertThat(normalizer.quality().heldOut()).isLessThan(0.1);
        double error = 0;
        for (float[] row : observations(200, 77)) {
            error += normalizer.error(row) / 200;
        }
        assertThat(error).isCloseTo(normalizer.quality().heldOut(), within(0.05));
        // Something else than the environment is told from it.
        assertThat(normalizer.error(new float[] {1, -1, 4000, 1, -0.02f, 3, 0})).isGreaterThan(5 * error);
        assertThat(normalizer.orLinear(0.5)).isSameAs(normalizer);
        assertThat(normalizer.orLinear(1e-9).isTrained()).isFalse();
    }

    @Test
    void computesWithoutTorchWhatTheNetworkComputes() {
        StateNormalizer normalizer = trained("world", 60);
        float[][] rows = observations(9, 5);
        NormalizerNetwork network = new NormalizerNetwork(7, SETTINGS.layers());
        List<ParameterValues.Entry> weights = normalizer.values().entries().stream()
                .filter(entry -> !entry.name().startsWith("normalizer."))
                .toList();
        float[] scale = normalizer.values().entry("normalizer.scale").values();
        float[] flat = new float[9 * 7];
        double[] errors = new double[9];
        try (Scope scope = engine.scope();
                Parameters parameters = new Parameters(engine, new ParameterValues(weights))) {
            for (int row = 0; row < 9; row++) {
                System.arraycopy(rows[row], 0, flat, row * 7, 7);
                float[] scaled = new float[7];
                for (int i = 0; i < 7; i++) {
                    scaled[i] = (rows[row][i] - scale[i]) / scale[7 + i];
                }
                errors[row] = network.error(scope, parameters, scope.tensor(scaled, 1, 7));
            }
        }
        float[] batch = new float[9 * StateNormalizer.WIDTH];
        normalizer.encode(flat, 9, batch);
        for (int row = 0; row < 9; row++) {
            assertThat(normalizer.error(rows[row])).isCloseTo(errors[row], within(1e-4 * (1 + errors[row])));
            float[] alone = normalizer.encode(rows[row]);
            assertThat(alone).hasSize(256);
            for (int i = 0; i < 256; i++) {
                assertThat(batch[row * 256 + i]).isEqualTo(alone[i]);
            }
        }
    }

    @Test
    void trainsTheSameBitForBit() {
        assertThat(trained("world", 60).values()).isEqualTo(trained("world", 60).values());
    }

    @Test
    void isLinearUntilTrained() {
        StateNormalizer narrow = StateNormalizer.linear("world", 3);
        assertThat(narrow.encode(new float[] {1, -2, 3})).startsWith(1, -2, 3).hasSize(256);
        assertThat(narrow.error(new float[3])).isZero();
        StateNormalizer wide = StateNormalizer.linear("wide", 4_000);
        float[] first = Formula.fill(4_000, 1, 1);
        float[] second = Formula.fill(4_000, 2, 1);
        double between = 0;
        double encodedBetween = 0;
        for (int i = 0; i < 4_000; i++) {
            between += Math.pow(first[i] - second[i], 2);
        }
        for (int i = 0; i < 256; i++) {
            encodedBetween += Math.pow(wide.encode(first)[i] - wide.encode(second)[i], 2);
        }
        assertThat(encodedBetween / between).isBetween(0.75, 1.25);
        assertThat(StateNormalizer.linear("other", 4_000).encode(first)).isEqualTo(wide.encode(first));
    }

    @Test
    void refusesWhatItWasNotMadeFor() {
        StateNormalizer normalizer = StateNormalizer.linear("CartPole-v1", 4);
        assertThatThrownBy(() -> normalizer.encode(new float[5])).isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() ->
                        new NormalizerTrainer(engine).train("world", new float[19][4], SETTINGS, Progress.unobserved()))
                .isInstanceOf(InvalidInput.class);
    }

    @Test
    void isStoredByEnvironmentWithVersionsAndChecksums() throws IOException {
        NormalizerFiles files = new NormalizerFiles(directory);
        String name = "ALE/Pong ../v5";
        assertThat(files.select(name, SPACE, 0.5).normalizer().isTrained()).isFalse();
        StateNormalizer first = trained(name, 60);
        StateNormalizer second = trained(name, 90);
        assertThat(files.save(first, SPACE, NOW)).isEqualTo(1);
        assertThat(files.save(second, SPACE, NOW)).isEqualTo(2);
        try (Stream<Path> homes = Files.list(directory)) {
            assertThat(homes).hasSize(1);
        }
        StoredNormalizer loaded = files.load(name, 1);
        assertThat(loaded.normalizer().values()).isEqualTo(first.values());
        assertThat(loaded.normalizer().environment()).isEqualTo(name);
        assertThat(loaded.observations()).isEqualTo(SPACE);
        NormalizerFiles.Selection selected = files.select(name, SPACE, 100);
        assertThat(selected.normalizer().values()).isEqualTo(second.values());
        assertThat(selected.version()).isEqualTo(2);
        assertThat(selected.misfits()).isEmpty();
        assertThat(files.select("other", SPACE, 100).version()).isZero();
        assertThatThrownBy(() -> files.load(name, 3)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> files.save(StateNormalizer.linear(name, 7), SPACE, NOW))
                .isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> files.save(first, space(8, 1), NOW)).isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> files.save(trained("", 60), SPACE, NOW)).isInstanceOf(InvalidInput.class);
    }

    @Test
    void fallsBackAndNamesWhatDoesNotFit() throws IOException {
        NormalizerFiles files = new NormalizerFiles(directory);
        StateNormalizer first = trained("world", 60);
        files.save(first, SPACE, NOW);
        files.save(trained("world", 90), SPACE, NOW);
        NormalizerFiles.Selection wider = files.select("world", space(8, 5000), 100);
        assertThat(wider.normalizer().isTrained()).isFalse();
        assertThat(wider.normalizer().width()).isEqualTo(8);
        assertThat(wider.misfits())
                .containsExactly(
                        "version 2 takes observations of 7 numbers, not 8",
                        "version 1 takes observations of 7 numbers, not 8");
        NormalizerFiles.Selection bounded = files.select("world", space(7, 6000), 100);
        assertThat(bounded.version()).isZero();
        assertThat(bounded.misfits().getFirst())
                .isEqualTo("version 2 has number 2 of an observation in [-Infinity, 5000.0], not in"
                        + " [-Infinity, 6000.0]");
        NormalizerFiles.Selection exacting = files.select("world", SPACE, 1e-9);
        assertThat(exacting.version()).isZero();
        assertThat(exacting.misfits().getFirst())
                .contains("rebuilds observations with an error of", "more than 1.0E-9");
        Path weights = directory.resolve("world/v2/weights.bin");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);
        assertThatThrownBy(() -> files.load("world", 2))
                .isInstanceOf(Damaged.class)
                .hasMessageContaining("weights.bin");
        // The one before it is whole.
        NormalizerFiles.Selection older = files.select("world", SPACE, 100);
        assertThat(older.normalizer().values()).isEqualTo(first.values());
        assertThat(older.version()).isEqualTo(1);
        assertThat(older.misfits()).singleElement().asString().contains("version 2", "weights.bin", "checksum");
        Files.delete(directory.resolve("world/v1/weights.bin"));
        assertThat(files.select("world", SPACE, 100).misfits()).hasSize(2);
        assertThat(files.save(first, SPACE, NOW)).isEqualTo(3);
        assertThat(files.select("world", SPACE, 100).version()).isEqualTo(3);
    }
}
