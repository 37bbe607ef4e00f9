package engram.memory;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The stores of all spaces and the settings of each. Thread-safe. */
public interface MemoryStores extends AutoCloseable {
    /** The names of all spaces, sorted. */
    List<String> names();

    /** The settings of a space; empty if there is no such space. */
    Optional<Settings> settings(String space);

    /**
     * Creates a space or replaces its settings, durably.
     *
     * @param expectedRevision the revision the settings must have; empty where any, or none, will do
     * @throws engram.error.PreconditionFailed if they have another
     */
    Settings putSettings(String space, JsonObject settings, OptionalLong expectedRevision);

    /**
     * The store of a space, opened when first asked for and shared by all callers. It is closed with this object.
     *
     * @throws engram.error.NotFound if there is no such space
     */
    MemoryStore open(String space);

    /** Removes a space with everything in it; false if there was none. */
    boolean delete(String space);

    @Override
    void close();

    /**
     * The settings of a space as they are kept.
     *
     * @param document the settings
     * @param revision counts their changes from 1
     */
    record Settings(JsonObject document, long revision) {}
}
