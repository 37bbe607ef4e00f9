package engram.service.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * One call of a command.
 *
 * @param arguments what it is to do
 * @param console where it reads and writes
 * @param installation the settings, with the data directory of the arguments
 */
record Call(Arguments arguments, Console console, Installation installation) {
    /** Prints the report on the standard output: as JSON where that was asked for, else as text. */
    void report(ObjectNode json, String text) {
        if (arguments.has("--json")) {
            Console.print(console.out(), json);
        } else {
            console.out().println(text);
        }
    }

    /** The operand as the name of a file or directory. */
    Path path(String operand) throws WrongUsage {
        return path(operand, arguments.required(operand));
    }

    static Path path(String what, String name) throws WrongUsage {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new WrongUsage(what + " is no name of a file: " + e.getMessage());
        }
    }
}
