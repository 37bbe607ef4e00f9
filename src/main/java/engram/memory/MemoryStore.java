package engram.memory;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The memories of one space: a durable record and, derived from it, one vector index for every live encoder version.
 *
 * <p>When a writing method returns, its effect is durable and every later read sees it. Reads see a consistent snapshot
 * and never wait for writers. Implementations are thread-safe.
 *
 * <p>Every method throws {@link engram.error.Unavailable} when the store is closed or cannot be reached, and every
 * writing method {@link engram.error.StorageFull} when there is no room; in both cases nothing of the call is kept.
 */
public interface MemoryStore extends AutoCloseable {
    /**
     * Writes new memories. Each entry is stored or reported for itself; those stored become durable together.
     *
     * @throws engram.error.Conflict if the key was used with another fingerprint; nothing is written
     */
    Appended append(Append append);

    /** The memories of these ids; ids that are not there are not in the map. */
    Map<String, Memory> get(Collection<String> ids);

    /** The vectors of these ids at the tier each memory is in; ids without a vector of that version are not in the map. */
    Map<String, float[]> vectors(Collection<String> ids, EmbeddingVersion version);

    /**
     * The nearest memories, at most {@code k} of each tier searched, nearest first over all tiers.
     *
     * @throws engram.error.NotFound if the version is not live
     */
    List<Search.Hit> search(Search search);

    /** A page of memories. */
    Scan.Page scan(Scan scan);

    /** Changes memories, each for itself; one outcome an update, in order. */
    List<Update.Outcome> update(List<Update> updates);

    /**
     * Counts recalls. Best effort: counts may be lost in a crash, and neither revision nor sequence changes.
     *
     * @param counts how often each memory was returned since the last call
     * @param at when the last of them happened
     */
    void countRecalls(Map<String, Integer> counts, Instant at);

    /** Removes memories; returns the ids that were there. */
    Set<String> delete(Collection<String> ids, Departure why);

    /** How many memories there are. */
    Statistics statistics();

    /** The number of the last change; cheap to ask, several times a second. */
    long sequence();

    /**
     * The change feed after a sequence number, oldest first. Entries older than the store's retention are gone.
     *
     * @param after the sequence number of the last entry the caller knows, 0 for the oldest kept
     */
    List<ChangeEvent> changes(long after, int limit);

    /** The versions that have vectors: of each modality the active one and, while re-embedding, the one being filled. */
    Set<EmbeddingVersion> versions();

    /** The version of a modality that answers searches; number 0 in a new store. */
    EmbeddingVersion activeVersion(Modality modality);

    /**
     * Begins to fill a version beside the active one of its modality. From the next append on, every entry of that
     * modality must bring a vector for it. A demotion that brings none drops the vector the memory had in a version being
     * filled. Beginning a version that is being filled keeps what it has.
     */
    void beginVersion(EmbeddingVersion version);

    /** Up to {@code limit} ids of memories that have no vector of this version yet. */
    List<String> withoutVector(EmbeddingVersion version, int limit);

    /**
     * Adds vectors to a version being filled. A memory that is gone, or whose tier no longer fits the vector's length, is
     * passed over.
     */
    void putVectors(EmbeddingVersion version, Map<String, float[]> vectors);

    /**
     * Makes a filled version the only one of its modality, atomically: searches that began before end with the old one.
     *
     * @throws engram.error.Conflict if a memory has no vector of it
     */
    void activateVersion(EmbeddingVersion version);

    /** Drops a version that is being filled. */
    void discardVersion(EmbeddingVersion version);

    @Override
    void close();
}
