package engram.service.command;

import static org.assertj.core.api.Assertions.assertThat;

import engram.error.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final List<String> COMMANDS = List.of("export", "import", "backup", "restore", "check", "repair");

    private final Shell shell = new Shell(Path.of("no-such-data"));

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void listsTheCommands(String word) {
        Shell.Ended help = shell.run(word);
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains(COMMANDS).contains("SPACE FILE", "--data-dir");
        assertThat(help.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"export", "import", "backup", "restore", "check", "repair"})
    void explainsEveryCommandWithoutDoingIt(String command) {
        Shell.Ended help = shell.run(command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).startsWith("usage: ./engram " + command).contains("--json", "--data-dir", "--help");
        assertThat(help.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"export", "import", "backup", "restore", "check", "repair"})
    void answersAWrongCallWithTheUsageOfTheCommand(String command) {
        Shell.Ended wrong = shell.run(command, "--dta-dir", "x");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err())
                .contains("engram: " + command + ": there is no option '--dta-dir'; did you mean '--data-dir'?")
                .contains("usage: ./engram " + command);
        assertThat(wrong.out()).isEmpty();
    }

    @Test
    void namesTheCommandThatWasProbablyMeant() {
        Shell.Ended wrong = shell.run("exprot", "world");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("there is no command 'exprot'; did you mean 'export'?", "usage:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup copy", "check", "repair", "export world", "restore no-such-backup"})
    void tellsInOneSentenceWhatIsNotThere(String line) {
        Shell.Ended refused = shell.run(line.split(" "));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).startsWith("engram: ").contains("no-such-").doesNotContain("\tat ");
        assertThat(refused.err().lines()).hasSize(1);
        assertThat(refused.out()).isEmpty();
        assertThat(Path.of("no-such-data")).as("it is not made either").doesNotExist();
    }

    @Test
    void tellsWhatIsWrongWithTheSettings() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        CommandLine line = new CommandLine(console, settings -> {
            throw new InvalidInput("settings", "are " + settings);
        });
        assertThat(line.run(List.of("check", "-Dengram.x=1"))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("engram: check: settings: are {engram.x=1}");
    }
}
