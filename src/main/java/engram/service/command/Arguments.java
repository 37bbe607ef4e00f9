package engram.service.command;

import engram.error.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of one command, understood. Options may stand anywhere, as {@code --option value} or
 * {@code --option=value}; after {@code --} nothing is an option; {@code -} alone never is. {@code -Dkey=value} sets a
 * setting, as it does for the service.
 */
final class Arguments {
    private final Map<String, String> operands = new HashMap<>();
    private final Map<String, List<String>> options = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();

    private Arguments() {}

    /**
     * Understands a command line.
     *
     * @param words what follows the command
     * @throws WrongUsage if an option is unknown, named twice or without its value, or if an operand is missing or too many
     */
    static Arguments parse(Syntax syntax, List<String> words) throws WrongUsage {
        Arguments arguments = new Arguments();
        List<String> unnamed = new ArrayList<>();
        boolean more = true;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!more || word.equals("-") || !word.startsWith("-")) {
                unnamed.add(word);
            } else if (word.equals("--")) {
                more = false;
            } else if (word.startsWith("-D") && word.indexOf('=') > 2) {
                arguments.settings.put(word.substring(2, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            } else {
                i += arguments.option(syntax, word, i + 1 < words.size() ? words.get(i + 1) : "");
            }
        }
        // Whoever asks for help need not know what else is needed.
        if (!arguments.has("--help")) {
            arguments.assign(syntax.operands(), unnamed);
        }
        return arguments;
    }

    /** Takes an option in and returns how many further words it took. */
    private int option(Syntax syntax, String word, String next) throws WrongUsage {
        int equals = word.indexOf('=');
        String given = equals < 0 ? word : word.substring(0, equals);
        String name = given.equals("-h") ? "--help" : given;
        Syntax.Option option = syntax.option(name)
                .orElseThrow(() -> new WrongUsage("there is no option '" + given + "'"
                        + Suggestion.forName(
                                given,
                                syntax.options().stream()
                                        .map(Syntax.Option::name)
                                        .toList())));
        boolean valued = !option.value().isEmpty();
        if (!valued && equals >= 0) {
            throw new WrongUsage(
                    "the option " + name + " takes no value, but has '" + word.substring(equals + 1) + "'");
        }
        boolean follows = valued && equals < 0;
        String value = follows ? next : word.substring(equals + 1);
        if (valued && (value.isEmpty() || (follows && value.startsWith("--")))) {
            throw new WrongUsage("the option " + name + " needs a value: " + option.shown());
        }
        List<String> values = options.computeIfAbsent(name, first -> new ArrayList<>());
        if (!values.isEmpty() && !option.repeatable()) {
            throw new WrongUsage("the option " + name + " is given twice");
        }
        values.add(valued ? value : "");
        return follows ? 1 : 0;
    }

    private void assign(List<Syntax.Operand> expected, List<String> given) throws WrongUsage {
        if (given.size() > expected.size()) {
            throw new WrongUsage("the argument '" + given.get(expected.size()) + "' is one too many");
        }
        for (int i = 0; i < expected.size(); i++) {
            Syntax.Operand operand = expected.get(i);
            if (i < given.size()) {
                if (given.get(i).isEmpty()) {
                    throw new WrongUsage(operand.name() + " is empty");
                }
                operands.put(operand.name(), given.get(i));
            } else if (operand.required()) {
                throw new WrongUsage(operand.name() + " is missing");
            }
        }
    }

    /** An operand that the syntax requires. */
    String required(String name) {
        return operand(name).orElseThrow(() -> new IllegalStateException(name + " is no required operand"));
    }

    Optional<String> operand(String name) {
        return Optional.ofNullable(operands.get(name));
    }

    Optional<String> option(String name) {
        return all(name).stream().findFirst();
    }

    /** Every value of an option that may be given more than once, in their order. */
    List<String> all(String name) {
        return options.getOrDefault(name, List.of());
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    /** The settings that are set on the command line. */
    Map<String, String> settings() {
        return Map.copyOf(settings);
    }
}
