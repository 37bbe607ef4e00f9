package engram.service.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.memory.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads memories from a file into a space. */
final class ImportCommand implements Command {
    private static final String SPACE = "SPACE";
    private static final String FILE = "FILE";
    private static final String CREATE = "--create";

    @Override
    public String name() {
        return "import";
    }

    @Override
    public String summary() {
        return "read memories from NDJSON or AgentMemory JSON into a space";
    }

    @Override
    public String details() {
        return """
                Every item is stored or refused for itself, and what is there already under the same id is left as it is,
                so an import can be repeated. The exit code is 1 if an item was refused or the file is not whole. Beside a
                running service the service does it.
                """;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                List.of(
                        Syntax.Operand.required(SPACE, "the name of the space"),
                        Syntax.Operand.required(FILE, "the file; - for the standard input")),
                Syntax.Option.flag(CREATE, "make the space, with the settings in the file, if it is not there"),
                AccessChoice.URL,
                AccessChoice.KEY,
                Syntax.Option.DATA_DIRECTORY);
    }

    @Override
    public boolean run(Call call) throws WrongUsage {
        String file = call.arguments().required(FILE);
        if (file.equals("-")) {
            return run(call, call.console().in(), "the standard input");
        }
        Path path = Call.path(FILE, file);
        if (!Files.exists(path) || Files.isDirectory(path)) {
            throw new InvalidInput("", "there is no file " + path);
        }
        try (InputStream in = Files.newInputStream(path)) {
            return run(call, in, file);
        } catch (IOException e) {
            throw FileTrouble.of(path + " cannot be read", e);
        }
    }

    private static boolean run(Call call, InputStream in, String source) throws WrongUsage {
        String space = call.arguments().required(SPACE);
        boolean create = call.arguments().has(CREATE);
        ImportSource opened = ImportSource.open(in, source, call.installation().longestItem());
        try (SpaceAccess access = AccessChoice.open(call, create)) {
            if (!create) {
                access.require(space, " (" + CREATE + " makes it)");
            } else if (!access.has(space)) {
                JsonObject settings = opened.header().settings();
                access.create(space, settings == null ? JsonNodeFactory.instance.objectNode() : settings.tree());
                call.console().say("the space '" + space + "' is new");
            }
            ObjectNode report = access.importFrom(space, opened.stream());
            call.report(report, text(report));
            return report.path("failed").asLong() == 0 && isWhole(report);
        }
    }

    private static boolean isWhole(JsonNode report) {
        return List.of("ok", "none").contains(report.path("checksum").asText());
    }

    private static String text(JsonNode report) {
        List<String> lines = new ArrayList<>();
        for (JsonNode failure : report.path("failures")) {
            String field = failure.path("field").asText();
            lines.add("item " + failure.path("index").asLong() + (field.isEmpty() ? "" : ", " + field) + ": "
                    + failure.path("message").asText());
        }
        long failed = report.path("failed").asLong();
        long unlisted = failed - report.path("failures").size();
        if (unlisted > 0) {
            lines.add("and " + unlisted + " more");
        }
        report.path("notes").forEach(note -> lines.add(note.asText()));
        lines.add("read " + report.path("read").asLong() + ": "
                + report.path("imported").asLong() + " imported, "
                + report.path("duplicates").asLong() + " there already, " + failed + " refused");
        switch (report.path("checksum").asText()) {
            case "differs" -> lines.add("the file has been changed since it was written: its checksum differs");
            case "missing" -> lines.add("the file is not whole: its last line, with the checksum, is missing");
            default -> {}
        }
        return String.join(System.lineSeparator(), lines);
    }
}
