package engram.service.access;

import engram.error.PreconditionFailed;
import engram.error.Unavailable;
import engram.memory.Documents;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Documents in memory that can go away, be changed by somebody else just now, and lose what they had. */
final class MovableDocuments implements Documents {
    private final ConcurrentMap<String, Document> documents = new ConcurrentHashMap<>();
    private volatile boolean away;
    private volatile Runnable beforeNextPut = () -> {};

    void goAway(boolean gone) {
        away = gone;
    }

    void loseEverything() {
        documents.clear();
    }

    void beforeNextPut(Runnable change) {
        beforeNextPut = change;
    }

    private void requireHere() {
        if (away) {
            throw new Unavailable("away", Duration.ofSeconds(1));
        }
    }

    @Override
    public Optional<Document> get(String name) {
        requireHere();
        return Optional.ofNullable(documents.get(name));
    }

    @Override
    public List<String> names(String prefix) {
        requireHere();
        return documents.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    @Override
    public long put(String name, byte[] content, OptionalLong expectedRevision) {
        requireHere();
        Runnable change = beforeNextPut;
        beforeNextPut = () -> {};
        change.run();
        return documents
                .compute(name, (key, present) -> {
                    long revision = present == null ? 0 : present.revision();
                    if (expectedRevision.isPresent() && expectedRevision.getAsLong() != revision) {
                        throw new PreconditionFailed("revision " + revision);
                    }
                    return new Document(content.clone(), revision + 1);
                })
                .revision();
    }

    @Override
    public boolean delete(String name) {
        requireHere();
        return documents.remove(name) != null;
    }
}
