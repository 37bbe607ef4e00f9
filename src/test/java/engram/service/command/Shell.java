package engram.service.command;

import engram.memory.embedded.EmbeddedSettings;
import engram.memory.space.SpaceSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Runs command lines on a data directory and keeps what they print. */
final class Shell {
    private final Path data;
    private final Optional<String> address;
    private final boolean shared;

    Shell(Path data) {
        this(data, Optional.empty());
    }

    /** @param shared whether the settings say that keys are in Redis */
    Shell(Path data, boolean shared) {
        this.data = data;
        this.address = Optional.empty();
        this.shared = shared;
    }

    /** @param address where the settings say that the service is */
    Shell(Path data, Optional<String> address) {
        this.data = data;
        this.address = address;
        this.shared = false;
    }

    /** How a command line ended. */
    record Ended(int exitCode, String out, String err) {}

    Ended run(String... words) {
        return withInput("", words);
    }

    Ended withInput(String input, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        Installation installation = new Installation(
                data,
                shared,
                EmbeddedSettings.defaults(),
                SpaceSettings.defaults(),
                1 << 20,
                address,
                Optional.empty());
        int exitCode = new CommandLine(console, settings -> installation).run(List.of(words));
        return new Ended(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
