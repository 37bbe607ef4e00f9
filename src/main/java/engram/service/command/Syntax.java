package engram.service.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a command line may hold.
 *
 * @param operands the arguments without a name, in their order; those that may be absent come last
 * @param options the arguments with a name
 */
record Syntax(List<Operand> operands, List<Option> options) {
    private static final int COLUMN = 26;

    /** The options of every command. */
    private static final List<Option> COMMON = List.of(
            Option.flag("--json", "print the report as JSON"), Option.flag("--help", "print this text and do nothing"));

    Syntax {
        operands = List.copyOf(operands);
        List<Option> all = new ArrayList<>(options);
        all.addAll(COMMON);
        options = List.copyOf(all);
    }

    /** The arguments and options of a command, which has those of every command beside them. */
    static Syntax of(List<Operand> operands, Option... options) {
        return new Syntax(operands, List.of(options));
    }

    /**
     * An argument without a name.
     *
     * @param name as it stands in the usage, such as {@code SPACE}
     * @param required whether the command needs it
     * @param help what it is
     */
    record Operand(String name, boolean required, String help) {
        static Operand required(String name, String help) {
            return new Operand(name, true, help);
        }

        static Operand optional(String name, String help) {
            return new Operand(name, false, help);
        }

        String shown() {
            return required ? name : "[" + name + "]";
        }
    }

    /**
     * An argument with a name.
     *
     * @param name with its dashes
     * @param value what follows, such as {@code DIRECTORY}; empty if nothing does
     * @param help what it does
     * @param repeatable whether it may be given more than once
     */
    record Option(String name, String value, String help, boolean repeatable) {
        Option(String name, String value, String help) {
            this(name, value, help, false);
        }

        static final Option DATA_DIRECTORY =
                new Option("--data-dir", "DIRECTORY", "the data directory; by default that of the settings");

        static Option repeatable(String name, String value, String help) {
            return new Option(name, value, help, true);
        }

        static Option flag(String name, String help) {
            return new Option(name, "", help);
        }

        String shown() {
            return value.isEmpty() ? name : name + " " + value;
        }
    }

    Optional<Option> option(String name) {
        return options.stream().filter(option -> option.name().equals(name)).findFirst();
    }

    /** The operands and options in one line; the options of every command are left out. */
    String line() {
        List<String> parts = new ArrayList<>();
        operands.forEach(operand -> parts.add(operand.shown()));
        options.stream()
                .filter(option -> !COMMON.contains(option))
                .forEach(option -> parts.add("[" + option.shown() + "]"));
        return String.join(" ", parts);
    }

    /** What each operand and option means, a line each. */
    String explained() {
        List<String> lines = new ArrayList<>();
        operands.forEach(operand -> lines.add(explain(operand.name(), operand.help())));
        options.forEach(option -> lines.add(explain(option.shown(), option.help())));
        return lines.stream().collect(Collectors.joining(System.lineSeparator()));
    }

    private static String explain(String name, String help) {
        return "  " + name + " ".repeat(Math.max(2, COLUMN - name.length())) + help;
    }
}
