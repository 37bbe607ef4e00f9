package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MiniLmTextEncoderTest {
    private static final MiniLmTextEncoder ENCODER = new MiniLmTextEncoder();

    /** Of many kinds, none of them used to fit or calibrate anything; neighbours in the list are often close. */
    private static final List<String> TEXTS = List.of(
            "The robot ran out of battery.",
            "The machine's power was used up.",
            "The robot's battery is full.",
            "Iron ore lies north of the river.",
            "There is iron to be found to the north of the river.",
            "Iron ore lies south of the river.",
            "The customer asked for a refund.",
            "A client wants their money back.",
            "The build failed because of a missing dependency.",
            "Compilation broke since a library was not found.",
            "Do not enter the swamp at night.",
            "Stay out of the marsh after dark.",
            "A cake needs sugar and eggs.",
            "The user wants to be called Anna.",
            "Rain is expected in the mountains.",
            "The password is stored in the vault.",
            "Meeting moved from Tuesday to Thursday at ten.",
            "SELECT name FROM users WHERE id = 3",
            "public static void main(String[] args)",
            "{\"health\": 80, \"status\": \"idle\"}",
            "Die Brücke über den Fluss ist eingestürzt.",
            "El robot se quedó sin batería.",
            "机器人在森林里发现了铁",
            "🚀🚀🚀",
            "42",
            "yes",
            "no",
            "Error 503: service unavailable, retry after 30 seconds",
            "She sold the harvest at the market for 35 coins.",
            "Shakespeare wrote Hamlet around 1600.",
            "The mitochondrion is the powerhouse of the cell.",
            "x".repeat(300));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The robot ran out of battery. | The machine's power was used up. | A cake needs sugar and eggs.",
                "Iron ore lies north of the river. | North of the river there is iron. | The user is called Anna.",
                "The customer asked for a refund. | A client wants their money back. | Rain falls in the mountains.",
                "The build lacks a dependency. | Compilation needs a missing library. | The scout saw three enemies.",
                "Do not enter the swamp at night. | Stay out of the marsh after dark. | The password is in the vault."
            })
    void paraphrasesScoreHigherThanUnrelatedTextsAtEveryResolution(String text, String paraphrase, String unrelated) {
        float[][] vectors = ENCODER.encode(List.of(text, paraphrase, unrelated));
        for (Resolution resolution : Resolution.values()) {
            float[][] narrow = Distances.at(resolution, ENCODER, vectors);
            double near = ENCODER.score(resolution, Distances.euclidean(narrow[0], narrow[1]));
            double far = ENCODER.score(resolution, Distances.euclidean(narrow[0], narrow[2]));
            assertThat(near - far).as("%s: %s and %s", resolution, near, far).isGreaterThan(0.012);
            assertThat(far).isBetween(0.9, 0.93);
        }
    }

    @Test
    void oneTextAtAllResolutionsScoresAboutTheSameForAnyOther() {
        float[][] vectors = ENCODER.encode(TEXTS);
        for (int a = 0; a < TEXTS.size(); a++) {
            for (int b = 0; b < TEXTS.size(); b++) {
                DoubleSummaryStatistics scores = scores(vectors[a], vectors[b]);
                assertThat(scores.getMax() - scores.getMin())
                        .as(TEXTS.get(a) + " / " + TEXTS.get(b))
                        .isLessThan(0.05);
                if (a == b) {
                    assertThat(scores.getMin()).isEqualTo(1);
                }
            }
        }
    }

    private static DoubleSummaryStatistics scores(float[] a, float[] b) {
        return Arrays.stream(Resolution.values())
                .mapToDouble(resolution -> {
                    float[][] narrow = Distances.at(resolution, ENCODER, new float[][] {a, b});
                    return ENCODER.score(resolution, Distances.euclidean(narrow[0], narrow[1]));
                })
                .summaryStatistics();
    }

    @Test
    void aBatchGivesTheBitsOfSingleTextsInItsOrder() {
        float[][] batch = ENCODER.encode(TEXTS);
        assertThat(batch).hasDimensions(TEXTS.size(), 384);
        for (int i = 0; i < batch.length; i++) {
            assertThat(ENCODER.encode(List.of(TEXTS.get(i)))[0])
                    .as(TEXTS.get(i))
                    .isEqualTo(batch[i]);
            assertThat(Math.sqrt(Distances.squared(batch[i], new float[384]))).isCloseTo(1, within(1e-5));
        }
        assertThat(ENCODER.encode(List.of())).isEmpty();
    }

    @Test
    void computesWhatTheModelComputesElsewhere() throws IOException {
        try (InputStream fixture = MiniLmTextEncoderTest.class.getResourceAsStream("text-embeddings.json")) {
            for (JsonNode entry : new ObjectMapper().readTree(Objects.requireNonNull(fixture))) {
                float[] expected = new float[384];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = entry.get("vector").get(i).floatValue();
                }
                String text = entry.get("text").asText();
                // Processors differ in how the products of 8-bit numbers are added up.
                assertThat(Distances.euclidean(ENCODER.encode(List.of(text))[0], expected))
                        .as(text)
                        .isLessThan(0.1);
            }
        }
    }

    @Test
    void loadsOnFirstUseOnlyAndOnceForManyThreads() throws InterruptedException, ExecutionException {
        MiniLmTextEncoder encoder = new MiniLmTextEncoder();
        encoder.compress(new float[384], Resolution.FULL, Resolution.ABSTRACT);
        encoder.score(Resolution.FULL, 1);
        assertThat(encoder.encode(List.of())).isEmpty();
        assertThat(encoder.loaded()).isFalse();
        float[][] expected = ENCODER.encode(TEXTS);
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Callable<float[][]>> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                tasks.add(() -> encoder.encode(TEXTS));
            }
            for (Future<float[][]> found : threads.invokeAll(tasks)) {
                assertThat(found.get()).isDeepEqualTo(expected);
            }
        }
        assertThat(encoder.loaded()).isTrue();
    }

    @Test
    void loadingReportsNothingOverTheNetwork() {
        ENCODER.encode(List.of("hello"));
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t ", "\u00a0", "\u0000", "\u200b", "\ufeff", "\ud83d"})
    void refusesATextWithNothingToSee(String text) {
        assertThatThrownBy(() -> ENCODER.encode(List.of(text)))
                .isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.errors())
                        .containsExactly(new FieldError("text", "must not be blank")));
    }

    @Test
    void namesEveryBlankTextOfABatch() {
        assertThatThrownBy(() -> ENCODER.encode(List.of("a", " ", "b", "\u200b")))
                .isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.errors())
                        .extracting(FieldError::field)
                        .containsExactly("texts[1]", "texts[3]"));
    }

    @Test
    void ofALongTextOnlyTheFirst126TokensCount() {
        // Every word is one token.
        String seen = "river stone ".repeat(63);
        float[] vector = ENCODER.encode(List.of(seen))[0];
        assertThat(ENCODER.encode(List.of("river stone ".repeat(62)))[0]).isNotEqualTo(vector);
        assertThat(ENCODER.encode(List.of(seen + "A cake needs sugar and eggs."))[0])
                .isEqualTo(vector);
        String long10000 = "river stone ".repeat(834).substring(0, 10_000);
        assertThat(ENCODER.encode(List.of(long10000))[0]).isEqualTo(vector);
    }

    @Test
    void signsOutsideTheVocabularyAreAllTheSame() {
        float[][] vectors = ENCODER.encode(List.of("🚀", "😀", "cell 😀", "cell", "Grüße, mañana", "Grusse, manana"));
        assertThat(vectors[0]).isEqualTo(vectors[1]);
        assertThat(vectors[2]).isNotEqualTo(vectors[3]);
        // Accents and the case of letters are dropped; ß stays.
        assertThat(Distances.euclidean(vectors[4], vectors[5])).isPositive();
        assertThat(ENCODER.encode(List.of("MAÑANA"))[0]).isEqualTo(ENCODER.encode(List.of("manana"))[0]);
    }

    @Test
    void compressesInFixedSteps() {
        float[] vector = new float[384];
        IntStream.range(0, 384).forEach(i -> vector[i] = (i * 37 % 101 - 50) / 1024f);
        float[] before = vector.clone();
        float[] compressed = ENCODER.compress(vector, Resolution.FULL, Resolution.COMPRESSED);
        float[] narrow = ENCODER.compress(vector, Resolution.FULL, Resolution.ABSTRACT);
        // Stored vectors depend on these numbers.
        assertThat(compressed).hasSize(128).startsWith(-0.0026512307f, 0.008034179f, -0.047285214f, 0.010569191f);
        assertThat(compressed).endsWith(0.030969288f, 0.008362463f, -4.9666443E-4f);
        assertThat(Arrays.hashCode(compressed)).isEqualTo(113941209);
        assertThat(narrow)
                .hasSize(32)
                .isEqualTo(ENCODER.compress(compressed, Resolution.COMPRESSED, Resolution.ABSTRACT));
        assertThat(compressed).startsWith(narrow);
        assertThat(vector).isEqualTo(before);
        assertThat(ENCODER.compress(vector, Resolution.FULL, Resolution.FULL))
                .isEqualTo(vector)
                .isNotSameAs(vector);
    }

    @Test
    void compressionIsOrthonormal() {
        float[][] unit = new float[384][384];
        IntStream.range(0, 384).forEach(i -> unit[i][i] = 1);
        float[][] columns = Distances.at(Resolution.COMPRESSED, ENCODER, unit);
        for (int a = 0; a < 128; a++) {
            for (int b = 0; b < 128; b++) {
                double product = 0;
                for (float[] column : columns) {
                    product += column[a] * (double) column[b];
                }
                assertThat(product).isCloseTo(a == b ? 1 : 0, within(1e-5));
            }
        }
    }

    @Test
    void refusesVectorsOfAnotherLengthAndWiderResolutions() {
        assertThatThrownBy(() -> ENCODER.compress(new float[383], Resolution.FULL, Resolution.ABSTRACT))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("384");
        assertThatThrownBy(() -> ENCODER.compress(new float[32], Resolution.ABSTRACT, Resolution.FULL))
                .isInstanceOf(InvalidInput.class);
    }

    @Test
    void scoresLeadBackToTheDistance() {
        for (Resolution resolution : Resolution.values()) {
            assertThat(ENCODER.distance(resolution, ENCODER.score(resolution, 0.8)))
                    .isCloseTo(0.8, within(1e-9));
            assertThat(ENCODER.score(resolution, 0)).isEqualTo(1);
        }
    }
}
