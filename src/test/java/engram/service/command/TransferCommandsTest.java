package engram.service.command;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.embedded.EmbeddedSpaces;
import engram.memory.space.Space;
import engram.memory.space.SpaceSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferCommandsTest {
    private static final String HEADER = "{\"format\":\"engram-memories\",\"version\":1}\n";

    @TempDir
    Path directory = Path.of("");

    private Shell shell = new Shell(directory);

    @BeforeEach
    void makeASpaceWithTwoMemories() {
        shell = new Shell(directory.resolve("data"));
        Shell.Ended imported =
                shell.withInput(HEADER + memory("one") + memory("two"), "import", "world", "-", "--create");
        assertThat(imported.out()).as(imported.err()).contains("read 2: 2 imported, 0 there already, 0 refused");
        assertThat(imported.err()).contains("the space 'world' is new");
    }

    private static String memory(String id) {
        return "{\"id\":\"" + id + "\",\"agent\":\"a\",\"kind\":\"state\",\"time\":\"2026-01-01T00:00:00Z\","
                + "\"tier\":\"STM\",\"created\":\"2026-01-01T00:00:00Z\",\"payload\":{\"state\":{\"health\":80}}}\n";
    }

    @Test
    void exportsToTheStandardOutputAndToAFile() throws Exception {
        Shell.Ended piped = shell.run("export", "world");
        assertThat(piped.exitCode()).isZero();
        byte[] bytes = piped.out().getBytes(StandardCharsets.UTF_8);
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(piped.err()).isEqualTo("exported 2 memories, SHA-256 " + sum + System.lineSeparator());
        Path file = directory.resolve("world.ndjson");
        Shell.Ended written = shell.run("export", "world", file.toString(), "--json");
        assertThat(written.out()).isEmpty();
        assertThat(written.err()).contains("\"memories\" : 2", "\"sha256\" : \"" + sum + "\"");
        assertThat(file).hasContent(piped.out());
        assertThat(siblings(file)).as("nothing else is left").containsExactlyInAnyOrder("data", "world.ndjson");
        assertThat(shell.run("export", "world", "--without-vectors").out()).doesNotContain("\"vector\"");
        String filter = "{\"field\":\"agent\",\"eq\":\"b\"}";
        assertThat(shell.run("export", "world", "--filter", filter).err()).startsWith("exported 0 memories");
    }

    @Test
    void leavesAFileAsItIsUntilTheExportIsWhole() throws IOException {
        Path file = Files.writeString(directory.resolve("kept"), "before");
        assertThat(shell.run("export", "elsewhere", file.toString()).exitCode()).isEqualTo(1);
        assertThat(file).hasContent("before");
        assertThat(siblings(file)).containsExactlyInAnyOrder("data", "kept");
        assertThat(shell.run("export", "world", file.toString()).exitCode()).isZero();
        assertThat(Files.readString(file)).startsWith("{\"format\"");
        assertThat(shell.run("export", "world", directory.toString()).err()).contains("is no regular file");
        assertThat(shell.run("export", "world", file.resolve("x").toString()).err())
                .contains("there is no directory");
    }

    @Test
    void tellsWhatWasRefusedItemByItem() throws IOException {
        String bad = memory("three").replace("\"STM\"", "\"ABOVE\"");
        Path file =
                Files.writeString(directory.resolve("mixed"), HEADER + memory("one") + bad + "{}\n" + memory("four"));
        Shell.Ended imported = shell.run("import", "world", file.toString());
        assertThat(imported.exitCode()).as("something was refused").isEqualTo(1);
        assertThat(imported.out())
                .contains("item 1, tier: ", "item 2, ")
                .contains("read 4: 1 imported, 1 there already, 2 refused")
                .contains("the file is not whole");
        assertThat(shell.run("import", "world", file.toString(), "--json").out())
                .contains("\"failed\" : 2", "\"checksum\" : \"missing\"");
    }

    @Test
    void takesAWholeFileForFine() {
        String whole = shell.run("export", "world").out();
        assertThat(shell.withInput(whole, "import", "world", "-").exitCode()).isZero();
        Shell.Ended changed = shell.withInput(whole.replace("\"health\":80", "\"health\":81"), "import", "world", "-");
        assertThat(changed.exitCode()).isEqualTo(1);
        assertThat(changed.out()).contains("its checksum differs");
        assertThat(shell.withInput(
                                "{\"config\":{},\"agents\":{\"a\":{\"memories\":[]}}}",
                                "import",
                                "other",
                                "-",
                                "--create")
                        .exitCode())
                .isZero();
    }

    @Test
    void makesASpaceWithTheSettingsOfTheFile() {
        SpaceSettings settings = SpaceSettings.defaults();
        String whole = shell.run("export", "world").out().replace("\"trainAfter\":1000", "\"trainAfter\":7");
        assertThat(shell.withInput(whole, "import", "copy", "-", "--create").out())
                .contains("2 imported");
        try (EmbeddedSpaces memory = EmbeddedSpaces.open(directory.resolve("data"))) {
            Space copy = memory.spaces().open("copy");
            assertThat(copy.settings().encoder().trainAfter()).isEqualTo(7);
            assertThat(copy.settings().schema()).isEqualTo(settings.schema());
        }
    }

    @Test
    void refusesWhatItCannotRead() {
        assertThat(shell.withInput("nonsense", "import", "new", "-", "--create").err())
                .contains("the standard input: is neither an export of Engram");
        assertThat(shell.run("export", "new").err())
                .as("no space is made for it")
                .contains("there is no space 'new'");
        assertThat(shell.run("import", "wrold", directory.resolve("nothing").toString())
                        .err())
                .contains("there is no file");
        assertThat(shell.withInput(HEADER, "import", "wrold", "-").err())
                .contains("there is no space 'wrold'; did you mean 'world'? (--create makes it)");
        assertThat(shell.withInput(HEADER, "import", "Not A Name", "-", "--create")
                        .err())
                .contains("lower-case letters");
        for (List<String> wrong : List.of(
                List.of("--filter", "{"),
                List.of("--filter", "[]"),
                List.of("--url", "here"),
                List.of("--url", "http://127.0.0.1", "--data-dir", "d"))) {
            Shell.Ended ended = shell.run(
                    Stream.concat(Stream.of("export", "world"), wrong.stream()).toArray(String[]::new));
            assertThat(ended.exitCode()).as(wrong.toString()).isEqualTo(2);
            assertThat(ended.err()).contains(wrong.getFirst(), "usage:");
        }
        Shell.Ended unknown = shell.run("export", "world", "--filter", "{\"field\":\"agnt\",\"eq\":\"a\"}");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("did you mean 'agent'?");
    }

    @Test
    void takesADirectoryThatAnotherHasForInUse() {
        try (EmbeddedSpaces memory = EmbeddedSpaces.open(directory.resolve("data"))) {
            assertThat(memory.spaces().names()).contains("world");
            Shell.Ended refused = shell.run("export", "world");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .contains(
                            "in use by another Engram (process "
                                    + ProcessHandle.current().pid() + ")",
                            "--url");
        }
    }

    @Test
    void looksAtTheBeginningOfAStreamAndReadsAllOfIt() throws IOException {
        String export = HEADER + memory("one");
        ImportSource source =
                ImportSource.open(new ByteArrayInputStream(export.getBytes(StandardCharsets.UTF_8)), "it", 1 << 20);
        assertThat(new String(source.stream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(export);
    }

    private static List<String> siblings(Path file) throws IOException {
        try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }
}
