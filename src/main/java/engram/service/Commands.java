package engram.service;

import engram.service.command.CommandLine;
import engram.service.command.Console;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Where the process begins: without arguments the service runs, with arguments a command is carried out. Commands do not
 * start the service's framework, so they begin at once and listen nowhere.
 */
@QuarkusMain
public final class Commands {
    private Commands() {}

    /**
     * Runs the service or a command.
     *
     * @param arguments a command and what belongs to it; empty for the service
     */
    public static void main(String... arguments) {
        if (arguments.length == 0) {
            Quarkus.run(arguments);
            return;
        }
        logWarningsOnly();
        System.exit(new CommandLine(Console.ofProcess(), CommandSettings::read).run(List.of(arguments)));
    }

    /** What libraries tell of themselves is not what the person at the keyboard asked for. */
    private static void logWarningsOnly() {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        ConsoleHandler handler = new ConsoleHandler();
        handler.setLevel(Level.WARNING);
        // Lucene warns where it cannot use the processor's vectors, which most commands have no need of.
        handler.setFilter(record -> !String.valueOf(record.getLoggerName()).startsWith("org.apache.lucene"));
        handler.setFormatter(new Formatter() {
            @Override
            public String format(LogRecord record) {
                return "engram: " + formatMessage(record) + System.lineSeparator();
            }
        });
        root.setLevel(Level.WARNING);
        root.addHandler(handler);
    }
}
