package engram.service.command;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.embedded.EmbeddedSpaces;
import engram.memory.space.SpaceSettings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceCommandsTest {
    @TempDir
    Path directory = Path.of("");

    private Path data = Path.of("");
    private Shell shell = new Shell(data);

    @BeforeEach
    void makeASpace() {
        data = directory.resolve("data");
        shell = new Shell(data);
        try (EmbeddedSpaces memory = EmbeddedSpaces.open(data)) {
            assertThat(memory.spaces()
                            .put("world", SpaceSettings.defaults(), OptionalLong.empty())
                            .created())
                    .isTrue();
        }
    }

    @Test
    void backsUpAndRestores() {
        String backup = directory.resolve("backup").toString();
        assertThat(shell.run("backup", backup).out()).startsWith("backed up 1 space (");
        Path elsewhere = directory.resolve("elsewhere");
        Shell.Ended restored = shell.run("restore", backup, "--data-dir", elsewhere.toString(), "--json");
        assertThat(restored.exitCode()).isZero();
        assertThat(restored.out()).contains("\"spaces\" : [ \"world\" ]", "\"dataDirectory\"", "\"time\"");
        assertThat(new Shell(elsewhere).run("check").out()).contains("space world: 0 memories, 0 vectors, sound");
    }

    @Test
    void refusesToRestoreADamagedBackup() throws IOException {
        Path backup = directory.resolve("backup");
        assertThat(shell.run("backup", backup.toString()).exitCode()).isZero();
        overwrite(backup.resolve("spaces/world/memory.db"), 5_000);
        Path elsewhere = directory.resolve("elsewhere");
        Shell.Ended refused = shell.run("restore", backup.toString(), "--data-dir", elsewhere.toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("is not as it was written: spaces/world/memory.db");
        assertThat(elsewhere).doesNotExist();
        Files.writeString(backup.resolve("backup.json"), "{");
        assertThat(shell.run("restore", backup.toString(), "--data-dir", elsewhere.toString())
                        .err())
                .contains("backup.json is not as it was written");
    }

    @Test
    void findsDamageAndRepairsIt() throws IOException {
        overwrite(data.resolve("spaces/world/memory.db"), 3 * 4096);
        Shell.Ended checked = shell.run("check");
        assertThat(checked.exitCode()).isEqualTo(1);
        assertThat(checked.out()).contains("space world:", "the file of the record");
        assertThat(shell.run("check", "--json").out()).contains("\"sound\" : false");
        Shell.Ended repaired = shell.run("repair", "--json");
        assertThat(repaired.exitCode()).isZero();
        assertThat(repaired.out()).contains("\"changed\" : true", "rows were saved");
        assertThat(shell.run("check").exitCode()).isZero();
    }

    @Test
    void findsNothingInADirectoryWithoutSpaces() throws IOException {
        Path empty = directory.resolve("empty");
        Files.createDirectories(empty.resolve("spaces"));
        assertThat(new Shell(empty).run("check").out()).contains("no spaces");
    }

    private static void overwrite(Path file, long position) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.seek(position);
            content.write(new byte[4096]);
        }
    }
}
