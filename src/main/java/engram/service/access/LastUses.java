package engram.service.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.EngramException;
import engram.error.PreconditionFailed;
import engram.memory.Documents;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * When keys were last used, to within {@link #COARSENESS}: enough to find those that nobody needs any more, and no record
 * of what anybody does. Shared by all replicas. Thread-safe.
 */
public final class LastUses {
    /** How far the times may be behind. */
    static final Duration COARSENESS = Duration.ofMinutes(5);

    private static final String DOCUMENT = "access/uses";
    private static final System.Logger LOG = System.getLogger(LastUses.class.getName());
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Documents documents;
    private final InstantSource clock;
    private final ConcurrentMap<String, Instant> here = new ConcurrentHashMap<>();
    private final Map<String, Instant> written = new HashMap<>();

    /** @param documents where they are kept */
    public LastUses(Documents documents, InstantSource clock) {
        this.documents = documents;
        this.clock = clock;
    }

    void note(String id) {
        here.put(id, clock.instant());
    }

    Map<String, Instant> all() {
        Map<String, Instant> all = new HashMap<>();
        try {
            documents.get(DOCUMENT).ifPresent(document -> all.putAll(read(document)));
        } catch (EngramException e) {
            LOG.log(System.Logger.Level.DEBUG, "the last uses of keys cannot be read", e);
        }
        here.forEach((id, time) -> all.merge(id, time, LastUses::later));
        return all;
    }

    /** Writes down what moved on by {@link #COARSENESS}; to be called now and then. What goes wrong is told in the log. */
    public synchronized void flush() {
        Map<String, Instant> moved = new HashMap<>(here);
        moved.entrySet().removeIf(use -> Optional.ofNullable(written.get(use.getKey()))
                .filter(before -> Duration.between(before, use.getValue()).compareTo(COARSENESS) < 0)
                .isPresent());
        if (moved.isEmpty()) {
            return;
        }
        try {
            Optional<Documents.Document> present = documents.get(DOCUMENT);
            Map<String, Instant> all = new HashMap<>(present.map(LastUses::read).orElse(Map.of()));
            moved.forEach((id, time) -> all.merge(id, time, LastUses::later));
            ObjectNode json = MAPPER.createObjectNode();
            all.forEach((id, time) -> json.put(id, time.toString()));
            documents.put(
                    DOCUMENT,
                    MAPPER.writeValueAsBytes(json),
                    OptionalLong.of(present.map(Documents.Document::revision).orElse(0L)));
            written.putAll(moved);
        } catch (PreconditionFailed e) {
            LOG.log(System.Logger.Level.DEBUG, "another replica wrote the last uses of keys; next time", e);
        } catch (EngramException | IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the last uses of keys cannot be written", e);
        }
    }

    private static Map<String, Instant> read(Documents.Document document) {
        Map<String, Instant> uses = new HashMap<>();
        try {
            for (Map.Entry<String, JsonNode> use :
                    MAPPER.readTree(document.content()).properties()) {
                uses.put(use.getKey(), Instant.parse(use.getValue().asText()));
            }
        } catch (IOException | DateTimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the last uses of keys cannot be read; they begin anew", e);
        }
        return uses;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
