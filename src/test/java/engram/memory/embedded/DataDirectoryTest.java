package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has a data directory, and what is one. */
class DataDirectoryTest {
    @TempDir
    Path directory;

    private Path data() {
        return directory.resolve("data");
    }

    private EmbeddedMaintenance maintenance() {
        return new EmbeddedMaintenance(data(), Clock.systemUTC());
    }

    @Test
    void tellsWhoHasIt() {
        assertThat(EmbeddedMaintenance.isInUse(data())).isFalse();
        String first;
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            first = stores.instance();
            assertThat(EmbeddedMaintenance.isInUse(data())).isTrue();
            assertThat(EmbeddedMaintenance.holder(data()))
                    .contains(new EmbeddedMaintenance.Holder(
                            first, ProcessHandle.current().pid(), Optional.empty()));
            stores.announce("http://127.0.0.1:8080");
            assertThat(EmbeddedMaintenance.holder(data()).flatMap(EmbeddedMaintenance.Holder::address))
                    .contains("http://127.0.0.1:8080");
            assertThatThrownBy(() -> maintenance().repair())
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")");
        }
        assertThat(EmbeddedMaintenance.isInUse(data())).isFalse();
        assertThat(EmbeddedMaintenance.holder(data())).isEmpty();
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            assertThat(stores.instance()).isNotEqualTo(first);
        }
    }

    @Test
    void forgetsAHolderThatDidNotTidyUp() throws IOException {
        Files.createDirectories(data());
        Files.writeString(
                data().resolve(DirectoryLock.HOLDER),
                "{\"instance\":\"old\",\"process\":1,\"address\":\"http://old\"}");
        assertThat(EmbeddedMaintenance.isInUse(data())).isFalse();
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            assertThat(EmbeddedMaintenance.holder(data()))
                    .contains(new EmbeddedMaintenance.Holder(
                            stores.instance(), ProcessHandle.current().pid(), Optional.empty()));
        }
    }

    @Test
    void isNotMadeByLookingForIt() throws IOException {
        assertThatThrownBy(() -> maintenance().check())
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("there is no data directory at");
        assertThatThrownBy(() -> maintenance().repair()).isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> maintenance().backup(directory.resolve("backup")))
                .isInstanceOf(InvalidInput.class);
        assertThat(data()).doesNotExist();
        Files.createDirectories(data());
        assertThatThrownBy(() -> maintenance().check())
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("is no data directory of Engram");
        assertThatThrownBy(() -> maintenance().repair()).isInstanceOf(InvalidInput.class);
        assertThat(data()).isEmptyDirectory();
    }

    @Test
    void isNotRestoredWhileSomebodyHasIt() throws IOException {
        Path backup = directory.resolve("backup");
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            assertThat(stores.names()).isEmpty();
            maintenance().backup(backup);
            assertThatThrownBy(() -> EmbeddedMaintenance.restore(backup, data()))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("in use by another Engram");
        }
        Path vacant = Files.createDirectories(directory.resolve("vacant"));
        DirectoryLock lock = DirectoryLock.acquire(vacant);
        assertThatThrownBy(() -> EmbeddedMaintenance.restore(backup, vacant)).isInstanceOf(Unavailable.class);
        lock.close();
        assertThat(EmbeddedMaintenance.restore(backup, vacant).spaces()).isEmpty();
        assertThat(vacant.resolve(DataDirectory.SPACES)).isDirectory();
    }

    @Test
    void leavesBehindWhatIsNotTheMemorys() throws IOException {
        EmbeddedStoreContracts.open(data()).close();
        for (String file : new String[] {".cache/library", "spool/body", "trash/old", "runs/one"}) {
            Files.createDirectories(data().resolve(file).getParent());
            Files.writeString(data().resolve(file), "content");
        }
        Path backup = directory.resolve("backup");
        assertThat(maintenance().backup(backup).files()).isEqualTo(1);
        assertThat(backup.resolve("runs/one")).hasContent("content");
        Path other = directory.resolve("other");
        Files.createDirectories(other.resolve(".cache"));
        assertThat(EmbeddedMaintenance.restore(backup, other).files()).isEqualTo(1);
        assertThat(other.resolve("runs/one")).hasContent("content");
        assertThat(other.resolve(".cache")).isDirectory();
    }

    @Test
    void isNotCopiedIntoItself() {
        EmbeddedStoreContracts.open(data()).close();
        assertThatThrownBy(() -> maintenance().backup(data().resolve("backups/first")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("inside the data directory");
        assertThat(data().resolve("backups")).doesNotExist();
        Path backup = directory.resolve("backup");
        maintenance().backup(backup);
        assertThatThrownBy(() -> EmbeddedMaintenance.restore(backup, backup.resolve("data")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("inside the backup");
        assertThat(backup.resolve("data")).doesNotExist();
    }

    @Test
    void tellsOfDamagedEncoders() throws IOException {
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(data())) {
            assertThat(EmbeddedStoreContracts.filled(stores, "space", 3)).isNotNull();
            assertThat(maintenance().check().isSound()).isTrue();
            Path encoder = Files.createDirectories(stores.directory("space").resolve("encoders/v1"));
            Files.writeString(encoder.resolve("weights.bin"), "no weights");
        }
        assertThat(maintenance().check().spaces()).singleElement().satisfies(space -> assertThat(space.findings())
                .singleElement()
                .asString()
                .contains("encoder 1 is damaged", "SHA256SUMS is missing"));
    }
}
