package engram.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import engram.error.Unavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The history of runs: one JSON file a run in one directory, each written whole or not at all. */
final class RunFiles {
    private static final System.Logger LOG = System.getLogger(RunFiles.class.getName());
    private static final int FORMAT = 1;
    private static final String SUFFIX = ".json";
    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path directory;

    RunFiles(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new Unavailable(
                    "the directory of runs " + directory + " cannot be created", Duration.ofSeconds(30), e);
        }
    }

    /** Every readable run, in no order. A damaged file is set aside under another name and told in the log. */
    List<Run> readAll() {
        List<Run> runs = new ArrayList<>();
        List<Path> damaged = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                try {
                    runs.add(read(file));
                } catch (Damaged e) {
                    LOG.log(System.Logger.Level.WARNING, e.getMessage());
                    damaged.add(file);
                }
            }
            for (Path file : damaged) {
                Files.move(file, Path.of(file + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new Unavailable("the directory of runs " + directory + " cannot be read", Duration.ofSeconds(30), e);
        }
        return runs;
    }

    /** Writes a run over what there was of it. A failure is told in the log: a run matters more than its record. */
    void write(Run run) {
        Path file = fileOf(run.id());
        Path unfinished = Path.of(file + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(MAPPER.writeValueAsBytes(toJson(run)));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the record of run " + run.id() + " cannot be written", e);
        }
    }

    void delete(String id) {
        try {
            Files.deleteIfExists(fileOf(id));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the record of run " + id + " cannot be removed", e);
        }
    }

    private Path fileOf(String id) {
        if (!SAFE_ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a run's id is letters, digits, - and _, not '" + id + "'");
        }
        return directory.resolve(id + SUFFIX);
    }

    private static ObjectNode toJson(Run run) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("format", FORMAT);
        json.put("id", run.id());
        json.put("kind", run.kind());
        json.put("subject", run.subject());
        json.put("status", run.status().jsonName());
        json.put("progress", run.progress());
        json.put("message", run.message());
        ObjectNode metrics = json.putObject("metrics");
        run.metrics().forEach((name, figure) -> {
            // JSON has no NaN and no infinity; a loss can be either.
            if (Double.isFinite(figure)) {
                metrics.put(name, figure);
            } else {
                metrics.put(name, figure.toString());
            }
        });
        json.set("result", run.result());
        Run.Problem problem = run.problem();
        if (problem != null) {
            json.putObject("problem").put("title", problem.title()).put("detail", problem.detail());
        }
        json.put("created", run.created().toString());
        putTime(json, "started", run.started());
        putTime(json, "finished", run.finished());
        return json;
    }

    private static void putTime(ObjectNode json, String name, @Nullable Instant time) {
        if (time != null) {
            json.put(name, time.toString());
        }
    }

    private static Run read(Path file) {
        try {
            JsonNode json = MAPPER.readTree(file.toFile());
            int format = json.path("format").asInt(0);
            if (format != FORMAT) {
                throw new Damaged("the record of a run " + file + " has format " + format + ", not " + FORMAT);
            }
            SortedMap<String, Double> metrics = new TreeMap<>();
            json.path("metrics")
                    .properties()
                    .forEach(entry -> metrics.put(
                            entry.getKey(), Double.valueOf(entry.getValue().asText())));
            JsonNode problem = json.path("problem");
            return new Run(
                    text(json, "id"),
                    text(json, "kind"),
                    text(json, "subject"),
                    Run.Status.valueOf(text(json, "status").toUpperCase(Locale.ROOT)),
                    json.path("progress").asDouble(),
                    text(json, "message"),
                    metrics,
                    json.get("result") instanceof ObjectNode result ? result : null,
                    problem.isObject() ? new Run.Problem(text(problem, "title"), text(problem, "detail")) : null,
                    Instant.parse(text(json, "created")),
                    time(json, "started"),
                    time(json, "finished"));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new Damaged("the record of a run " + file + " cannot be read and is set aside", e);
        }
    }

    private static String text(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value.textValue();
    }

    private static @Nullable Instant time(JsonNode json, String name) {
        return json.has(name) ? Instant.parse(text(json, name)) : null;
    }
}
