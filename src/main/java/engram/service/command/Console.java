package engram.service.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes. What it was asked for goes to the standard output, what it has to say about that to
 * the standard error, so that the one can be piped on without the other.
 *
 * @param in the standard input
 * @param data the standard output for bytes; failures of it are told, unlike those of a print stream
 * @param out the standard output for text
 * @param err the standard error
 */
public record Console(InputStream in, OutputStream data, PrintStream out, PrintStream err) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** That of this process. */
    public static Console ofProcess() {
        return new Console(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                System.out,
                System.err);
    }

    /** Prints a report for a program. */
    static void print(PrintStream stream, ObjectNode report) {
        try {
            stream.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON can be written", e);
        }
    }

    /** Says something to the person at the keyboard. */
    void say(String line) {
        err.println("engram: " + line);
    }
}
