package engram.service.access;

import engram.error.Damaged;
import engram.error.EngramException;
import engram.error.PreconditionFailed;
import engram.error.Unavailable;
import engram.memory.Documents;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All keys, in one document that every replica of the service shares, and in memory as they were when it was last read. A
 * change by this replica counts at once, one by another after the next {@link #refresh}. Where the document cannot be
 * reached, what is known of it still counts, also after a restart if there is a copy. Thread-safe.
 */
public final class KeyRegistry {
    static final String DOCUMENT = "access/keys";

    private static final System.Logger LOG = System.getLogger(KeyRegistry.class.getName());
    private static final int ATTEMPTS = 50;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Documents documents;
    private final Optional<Documents> copy;
    private volatile @Nullable State known;
    private volatile String trouble = "";

    /**
     * Reads the keys.
     *
     * @param documents where they are kept
     * @param copy where a copy is kept that can be read when those documents are away; empty where they never are
     * @throws Damaged if they cannot be read, and there is no copy
     */
    public KeyRegistry(Documents documents, Optional<Documents> copy) {
        this.documents = documents;
        this.copy = copy;
        refresh();
    }

    /** Reads the keys again. What goes wrong then is told in the log, and what was known before goes on counting. */
    public synchronized void refresh() {
        try {
            Optional<Documents.Document> document = documents.get(DOCUMENT);
            State before = known;
            if (document.isPresent()) {
                adopt(document.get());
            } else if (before == null) {
                adopt(fromCopy().orElseGet(() -> new State(Collections.emptySortedMap(), 0)));
            } else if (!before.keys().isEmpty()) {
                // A store that lost its keys must not open the service to everybody.
                tell("the access keys are gone from where they are kept; those last known go on counting");
                return;
            }
            trouble = "";
        } catch (Unavailable e) {
            useCopy();
            tell("the access keys cannot be read, those last known go on counting: " + e.getMessage());
        } catch (Damaged e) {
            useCopy();
            if (known == null) {
                throw e;
            }
            tell(e.getMessage() + "; those last known go on counting");
        }
    }

    /**
     * Whether there is a key that has not been revoked, expired ones included.
     *
     * @throws Unavailable if that could not be found out since the start
     */
    public boolean hasKeys() {
        return all().stream().anyMatch(key -> key.revoked().isEmpty());
    }

    /** A key by its id. */
    Optional<AccessKey> get(String id) {
        return Optional.ofNullable(state().keys().get(id));
    }

    /** Every key, by id. */
    Collection<AccessKey> all() {
        return state().keys().values();
    }

    /**
     * Changes the keys in one step.
     *
     * @param change edits the keys by id and returns what the caller wants to know; called again where somebody else was
     *     faster. What it throws leaves everything as it was
     * @throws Unavailable if they cannot be reached now
     */
    synchronized <T> T change(Function<SortedMap<String, AccessKey>, T> change) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Documents.Document> present = documents.get(DOCUMENT);
            SortedMap<String, AccessKey> keys =
                    new TreeMap<>(present.map(KeyRegistry::read).orElseGet(this::knownKeys));
            T result = change.apply(keys);
            byte[] content = KeyJson.write(keys.values());
            long expected = present.map(Documents.Document::revision).orElse(0L);
            try {
                adopt(new Documents.Document(content, documents.put(DOCUMENT, content, OptionalLong.of(expected))));
                return result;
            } catch (PreconditionFailed e) {
                LOG.log(System.Logger.Level.DEBUG, "somebody else changed the access keys; once more", e);
            }
        }
        throw new Unavailable("the access keys are being changed by many at once", RETRY_AFTER);
    }

    private SortedMap<String, AccessKey> knownKeys() {
        State state = known;
        return state == null ? Collections.emptySortedMap() : state.keys();
    }

    private State state() {
        State state = known;
        if (state == null) {
            throw new Unavailable("the access keys cannot be read yet", RETRY_AFTER);
        }
        return state;
    }

    private void adopt(Documents.Document document) {
        State before = known;
        if (before == null || before.revision() != document.revision()) {
            adopt(new State(read(document), document.revision()));
        }
    }

    private void adopt(State state) {
        known = state;
        if (copy.isEmpty()) {
            return;
        }
        try {
            copy.get().put(DOCUMENT, KeyJson.write(state.keys().values()), OptionalLong.empty());
        } catch (EngramException e) {
            LOG.log(System.Logger.Level.WARNING, "the copy of the access keys cannot be written: " + e.getMessage());
        }
    }

    private void useCopy() {
        if (known == null) {
            known = fromCopy().orElse(null);
        }
    }

    private Optional<State> fromCopy() {
        return copy.flatMap(kept -> kept.get(DOCUMENT)).map(document -> new State(read(document), 0));
    }

    private static SortedMap<String, AccessKey> read(Documents.Document document) {
        SortedMap<String, AccessKey> keys = new TreeMap<>();
        KeyJson.read(document.content()).forEach(key -> keys.put(key.id(), key));
        return keys;
    }

    /** Once for each sort of trouble, not at every look. */
    private void tell(String message) {
        if (!message.equals(trouble)) {
            trouble = message;
            LOG.log(System.Logger.Level.WARNING, message);
        }
    }

    private record State(SortedMap<String, AccessKey> keys, long revision) {
        State {
            keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
        }
    }
}
