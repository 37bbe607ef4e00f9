package engram.service.command;

import engram.error.EngramException;
import engram.error.Suggestion;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Understands a command line, does what it says, and tells by an exit code how that went: 0 for well, 1 for a problem that
 * was found or a refusal, 2 for a command line that cannot be understood. What can be expected to go wrong is told in one
 * sentence.
 */
public final class CommandLine {
    private static final int FINE = 0;
    private static final int PROBLEM = 1;
    private static final int WRONG_USAGE = 2;

    private static final List<Command> COMMANDS = List.of(
            new ExportCommand(),
            new ImportCommand(),
            new BackupCommand(),
            new RestoreCommand(),
            new CheckCommand(),
            new RepairCommand(),
            new KeyCommand());

    private final Console console;
    private final Function<Map<String, String>, Installation> settings;

    /**
     * @param console where commands read and write
     * @param settings reads the settings; is given those of the command line, which win. Called only by commands that do
     *     something. What it throws as {@link EngramException} is told
     */
    public CommandLine(Console console, Function<Map<String, String>, Installation> settings) {
        this.console = console;
        this.settings = settings;
    }

    /**
     * Runs a command line to its end.
     *
     * @param words the command and its arguments; at least one
     * @return the exit code
     */
    public int run(List<String> words) {
        String name = words.getFirst();
        if (List.of("help", "--help", "-h").contains(name)) {
            console.out().println(overview());
            return FINE;
        }
        Optional<Command> command =
                COMMANDS.stream().filter(known -> known.name().equals(name)).findFirst();
        if (command.isEmpty()) {
            List<String> names = COMMANDS.stream().map(Command::name).toList();
            console.say("there is no command '" + name + "'" + Suggestion.forName(name, names));
            console.err().println(overview());
            return WRONG_USAGE;
        }
        return run(command.get(), words.subList(1, words.size()));
    }

    private int run(Command command, List<String> words) {
        try {
            Arguments arguments = Arguments.parse(command.syntax(), words);
            if (arguments.has("--help")) {
                console.out().println(help(command));
                return FINE;
            }
            return command.run(new Call(arguments, console, installation(arguments))) ? FINE : PROBLEM;
        } catch (WrongUsage e) {
            console.say(command.name() + ": " + e.getMessage());
            console.err().println(usage(command));
            return WRONG_USAGE;
        } catch (EngramException e) {
            console.say(command.name() + ": " + FileTrouble.explain(e));
            return PROBLEM;
        } catch (UncheckedIOException e) {
            console.say(command.name() + ": " + FileTrouble.explain(e));
            return PROBLEM;
        }
    }

    private Installation installation(Arguments arguments) throws WrongUsage {
        Installation installation = settings.apply(arguments.settings());
        Optional<String> directory = arguments.option(Syntax.Option.DATA_DIRECTORY.name());
        if (directory.isEmpty()) {
            return installation;
        }
        Path other = Call.path(Syntax.Option.DATA_DIRECTORY.name(), directory.get());
        return installation.withDataDirectory(other.toAbsolutePath());
    }

    private static String overview() {
        StringBuilder text = new StringBuilder("usage: ./engram COMMAND [ARGUMENTS]\n");
        for (Command command : COMMANDS) {
            text.append("\n  ")
                    .append(command.name())
                    .append(' ')
                    .append(command.syntax().line());
            text.append("\n      ").append(command.summary());
        }
        return text.append("\n\n'./engram COMMAND --help' explains a command. Without one the service runs.")
                .toString();
    }

    private static String usage(Command command) {
        return "usage: ./engram " + command.name() + " " + command.syntax().line();
    }

    private static String help(Command command) {
        String details =
                command.details().isEmpty() ? "" : "\n" + command.details().stripTrailing() + "\n";
        String summary = command.summary();
        return usage(command) + "\n\n" + Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".\n"
                + details + "\n"
                + command.syntax().explained();
    }
}
