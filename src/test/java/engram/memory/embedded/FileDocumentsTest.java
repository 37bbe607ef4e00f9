package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Damaged;
import engram.memory.Documents;
import engram.memory.DocumentsContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDocumentsTest extends DocumentsContract {
    private static final byte[] CONTENT = "what was written".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory = Path.of("");

    @Override
    protected Documents openDocuments() {
        return new FileDocuments(directory.resolve("documents"));
    }

    /** Every byte of a file matters: with any one changed or cut off it is refused, by its path. */
    @Test
    void refusesADamagedFile() throws IOException {
        Documents documents = openDocuments();
        documents.put("access/keys", CONTENT, OptionalLong.empty());
        Path file = directory.resolve("documents/access+keys");
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            assertThatThrownBy(() -> documents.get("access/keys"))
                    .isInstanceOf(Damaged.class)
                    .hasMessageContaining(file.toRealPath().toString());
            Files.write(file, java.util.Arrays.copyOf(whole, i));
            assertThatThrownBy(() -> documents.get("access/keys")).isInstanceOf(Damaged.class);
        }
        assertThatThrownBy(() -> documents.put("access/keys", CONTENT, OptionalLong.of(1)))
                .isInstanceOf(Damaged.class);
        documents.put("access/keys", CONTENT, OptionalLong.empty());
        assertThat(documents.get("access/keys").orElseThrow().content()).isEqualTo(CONTENT);
    }

    @Test
    void refusesAFileThatBelongsToAnotherName() throws IOException {
        Documents documents = openDocuments();
        documents.put("a", CONTENT, OptionalLong.empty());
        Files.copy(directory.resolve("documents/a"), directory.resolve("documents/b"));
        assertThatThrownBy(() -> documents.get("b")).isInstanceOf(Damaged.class);
        assertThat(documents.delete("b")).isTrue();
    }

    @Test
    void forgetsWhatACrashLeftUnfinished() throws IOException {
        Documents documents = openDocuments();
        documents.put("a", CONTENT, OptionalLong.empty());
        Path draft = directory.resolve("documents/.draft");
        Files.copy(directory.resolve("documents/a"), draft, StandardCopyOption.REPLACE_EXISTING);
        assertThat(openDocuments().names("")).containsExactly("a");
        assertThat(draft).doesNotExist();
    }

    /** A file of format 1, as it is today: later versions have to read it. */
    @Test
    void readsFormatOne() throws IOException {
        Path file = Files.createDirectories(directory.resolve("documents")).resolve("old");
        Files.writeString(
                file, "engram-document 1 7 3 717b982254dbe099f9a58f3ed623ca07ae919f9bca22e5dd42fb20c1fedfd52f\nold");
        assertThat(openDocuments().get("old").orElseThrow().revision()).isEqualTo(7);
    }
}
