package engram.memory;

import engram.error.InvalidInput;
import engram.error.PreconditionFailed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Documents without a disk: small and correct. */
public final class InMemoryDocuments implements Documents {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*");

    private final TreeMap<String, Document> documents = new TreeMap<>();
    private final Map<String, Long> revisions = new HashMap<>();
    private int reads;

    private static void check(String name) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new InvalidInput("name", "is no name of a document");
        }
    }

    @Override
    public synchronized Optional<Document> get(String name) {
        check(name);
        reads++;
        return Optional.ofNullable(documents.get(name))
                .map(document -> new Document(document.content().clone(), document.revision()));
    }

    /** How often documents were read since the last call. */
    public synchronized int takeReads() {
        int counted = reads;
        reads = 0;
        return counted;
    }

    @Override
    public synchronized List<String> names(String prefix) {
        return documents.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    @Override
    public synchronized long put(String name, byte[] content, OptionalLong expectedRevision) {
        check(name);
        Document present = documents.get(name);
        long revision = present == null ? 0 : present.revision();
        if (expectedRevision.isPresent() && expectedRevision.getAsLong() != revision) {
            throw new PreconditionFailed("document " + name + " has revision " + revision);
        }
        long next = revisions.merge(name, 1L, Long::sum);
        documents.put(name, new Document(content.clone(), next));
        return next;
    }

    @Override
    public synchronized boolean delete(String name) {
        check(name);
        return documents.remove(name) != null;
    }
}
