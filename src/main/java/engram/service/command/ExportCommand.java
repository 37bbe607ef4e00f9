package engram.service.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes the memories of a space into a file. */
final class ExportCommand implements Command {
    private static final String SPACE = "SPACE";
    private static final String FILE = "FILE";
    private static final String FILTER = "--filter";
    private static final String WITHOUT_VECTORS = "--without-vectors";

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String summary() {
        return "write the memories of a space as NDJSON";
    }

    @Override
    public String details() {
        return """
                The number of memories and the SHA-256 of the whole export follow on the standard error. Vectors travel
                with the memories, so that nothing is lost of those whose state is gone; an import takes them over where
                the encoder is the same. Beside a running service the service does it.
                """;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                List.of(
                        Syntax.Operand.required(SPACE, "the name of the space"),
                        Syntax.Operand.optional(
                                FILE, "appears whole or not at all; the standard output where it is absent or -")),
                new Syntax.Option(FILTER, "JSON", "only the memories that satisfy this filter (docs/filters.md)"),
                Syntax.Option.flag(WITHOUT_VECTORS, "leave the vectors out: a third of the size, or less"),
                AccessChoice.URL,
                AccessChoice.KEY,
                Syntax.Option.DATA_DIRECTORY);
    }

    @Override
    public boolean run(Call call) throws WrongUsage {
        SpaceAccess.Selection selection = new SpaceAccess.Selection(
                filter(call.arguments()), !call.arguments().has(WITHOUT_VECTORS));
        Optional<String> file = call.arguments().operand(FILE).filter(name -> !name.equals("-"));
        ExportStream.Summary summary = file.isPresent()
                ? toFile(call, selection, Call.path(FILE, file.get()))
                : to(call, selection, call.console().data(), "the standard output");
        report(call, summary);
        return true;
    }

    private static ExportStream.Summary toFile(Call call, SpaceAccess.Selection selection, Path path)
            throws WrongUsage {
        try (ExportFile file = ExportFile.begin(path)) {
            ExportStream.Summary summary = to(call, selection, file.stream(), path.toString());
            file.publish();
            return summary;
        }
    }

    private static ExportStream.Summary to(Call call, SpaceAccess.Selection selection, OutputStream out, String target)
            throws WrongUsage {
        String space = call.arguments().required(SPACE);
        try (SpaceAccess access = AccessChoice.open(call, false)) {
            access.require(space, "");
            // Not closed: the stream belongs to the console or the file.
            @SuppressWarnings("resource")
            ExportStream stream = new ExportStream(out, target);
            access.exportTo(space, selection, stream);
            return stream.finish();
        }
    }

    private static Optional<ObjectNode> filter(Arguments arguments) throws WrongUsage {
        Optional<String> text = arguments.option(FILTER);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (MAPPER.readTree(text.get()) instanceof ObjectNode filter) {
                return Optional.of(filter);
            }
            throw new WrongUsage("the option " + FILTER + " is a JSON object such as "
                    + "{\"field\": \"agent\", \"eq\": \"a1\"}, not " + text.get());
        } catch (JsonProcessingException e) {
            throw new WrongUsage("the option " + FILTER + " is no JSON: " + e.getOriginalMessage());
        }
    }

    /** On the standard error in either form: the export itself may be on the standard output. */
    private static void report(Call call, ExportStream.Summary summary) {
        if (call.arguments().has("--json")) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("space", call.arguments().required(SPACE))
                    .put("memories", summary.memories())
                    .put("bytes", summary.bytes())
                    .put("sha256", summary.sha256());
            Console.print(call.console().err(), json);
        } else {
            call.console()
                    .err()
                    .println("exported " + Reports.count(summary.memories(), "memory", "memories") + ", SHA-256 "
                            + summary.sha256());
        }
    }
}
