package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import engram.error.NotFound;
import engram.error.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderFilesTest {
    private static final List<String> FILES = List.of("SHA256SUMS", "encoder.json", "weights.bin");

    @TempDir
    private Path directory;

    @Test
    void readsWhatItWrote() {
        EncoderFiles files = files();
        assertThat(files.versions()).isEmpty();
        files.save(encoder(3));
        files.save(encoder(10));
        files.save(encoder(2));
        assertThat(files.versions()).containsExactly(2, 3, 10);
        assertThat(files.load(3)).isEqualTo(encoder(3));
        assertThat(files().load(3).weights().byName().sequencedKeySet()).containsExactly("b.weight", "a", "ünïcode");
    }

    /** Written by format 1; must stay readable for good. */
    @Test
    void readsFormatOne() {
        EncoderFiles files = new EncoderFiles(Path.of("src/test/resources/engram/encoder/format-1"));
        assertThat(files.versions()).containsExactly(3);
        assertThat(files.load(3)).isEqualTo(encoder(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA256SUMS", "encoder.json", "weights.bin"})
    void noticesEveryFlippedBit(String name) throws IOException {
        EncoderFiles files = files();
        files.save(encoder(1));
        Path file = directory.resolve("v1").resolve(name);
        byte[] whole = Files.readAllBytes(file);
        for (int position = 0; position < whole.length; position++) {
            byte[] flipped = whole.clone();
            flipped[position] ^= (byte) (1 << position % 8);
            Files.write(file, flipped);
            assertThatThrownBy(() -> files.load(1))
                    .as("byte %d", position)
                    .isInstanceOf(Damaged.class)
                    .hasMessageContaining("v1");
        }
        Files.write(file, whole);
        assertThat(files.load(1)).isEqualTo(encoder(1));
    }

    @Test
    void noticesCutOffAndMissingFilesAndNamesThem() throws IOException {
        for (String name : FILES) {
            EncoderFiles files = new EncoderFiles(directory.resolve("of-" + name));
            files.save(encoder(1));
            Path file = directory.resolve("of-" + name).resolve("v1").resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int length : new int[] {0, 1, whole.length / 2}) {
                Files.write(file, Arrays.copyOf(whole, length));
                assertThatThrownBy(() -> files.load(1)).isInstanceOf(Damaged.class);
            }
            Files.delete(file);
            assertThatThrownBy(() -> files.load(1)).isInstanceOf(Damaged.class).hasMessageContaining(name);
            assertThat(files.versions()).containsExactly(1);
        }
    }

    @Test
    void damageOfOneVersionLeavesTheOthersAlone() throws IOException {
        EncoderFiles files = files();
        files.save(encoder(1));
        files.save(encoder(2));
        Files.delete(directory.resolve("v2").resolve("weights.bin"));
        assertThatThrownBy(() -> files.load(2)).isInstanceOf(Damaged.class);
        assertThat(files.load(1)).isEqualTo(encoder(1));
        files.delete(2);
        assertThat(files.versions()).containsExactly(1);
        assertThatThrownBy(() -> files.load(2)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> files.delete(2)).isInstanceOf(NotFound.class);
        assertThat(entries()).containsExactly("v1");
    }

    @Test
    void whatACrashLeftHalfWrittenIsNoVersion() throws IOException {
        EncoderFiles files = files();
        files.save(encoder(1));
        Path draft = directory.resolve(".v2.draft");
        Files.createDirectory(draft);
        Files.writeString(draft.resolve("weights.bin"), "half of it");
        assertThat(files.versions()).containsExactly(1);
        files.save(encoder(2));
        assertThat(files.load(2)).isEqualTo(encoder(2));
        assertThat(entries()).containsExactly("v1", "v2");
    }

    @Test
    void neverReplacesAVersion() {
        EncoderFiles files = files();
        files.save(encoder(1));
        assertThatThrownBy(() -> files.save(encoder(1))).isInstanceOf(IllegalStateException.class);
        assertThat(files.load(1)).isEqualTo(encoder(1));
    }

    @Test
    void saysWhenItCannotWrite() throws IOException {
        Path file = directory.resolve("a-file");
        Files.writeString(file, "in the way");
        assertThatThrownBy(() -> new EncoderFiles(file).save(encoder(1))).isInstanceOf(Unavailable.class);
    }

    private EncoderFiles files() {
        return new EncoderFiles(directory);
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> inside = Files.list(directory)) {
            return inside.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static StoredEncoder encoder(int version) {
        SequencedMap<String, Weight> weights = new LinkedHashMap<>();
        weights.put("b.weight", Weight.of(new float[] {1, -2.5f, Float.MIN_VALUE, 1e30f, 0, -0f}, 2, 3));
        weights.put("a", Weight.of(new float[] {0.1f}, 1));
        weights.put("ünïcode", Weight.of(new float[8], 2, 2, 2));
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("bestEpoch", 7);
        report.putArray("curve").addObject().put("epoch", 1).put("loss", 0.25);
        return new StoredEncoder(
                version,
                new Weights(weights),
                new ScoreScale(1.5, 0.75, 1.25, 0.5, 16),
                report,
                Instant.parse("2026-01-02T03:04:05.678Z"));
    }
}
