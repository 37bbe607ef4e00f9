package engram.memory;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Small things beside the memories that every replica of a service must see alike: access keys, encoders. What a writing
 * method has returned from is durable. Thread-safe.
 *
 * <p>Every method throws {@link engram.error.Unavailable} where the documents cannot be reached, and {@link #put}
 * {@link engram.error.StorageFull} where there is no room.
 */
public interface Documents {
    /** The longest name, in characters. */
    int LONGEST_NAME = 200;

    /** The largest document, in bytes. */
    int LARGEST = 64 << 20;

    /** A document; empty if there is none of this name. */
    Optional<Document> get(String name);

    /** The names that begin with a prefix, sorted. */
    List<String> names(String prefix);

    /**
     * Writes a document whole.
     *
     * @param name up to {@value #LONGEST_NAME} characters: parts of lower-case letters, digits, {@code . _ -} that do not
     *     begin with a dot, with {@code /} between them
     * @param content at most {@value #LARGEST} bytes; copied
     * @param expectedRevision the revision the document must have, 0 for a document that must not be there; empty where
     *     any, or none, will do
     * @return the revision it has now; revisions of one name grow, also when it is removed and written again
     * @throws engram.error.PreconditionFailed if it has another revision
     */
    long put(String name, byte[] content, OptionalLong expectedRevision);

    /** Removes a document; false if there was none. */
    boolean delete(String name);

    /**
     * A document.
     *
     * @param content owned by the caller
     * @param revision grows with every change
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Document(byte[] content, long revision) {
        public Document {
            Objects.requireNonNull(content, "content");
        }
    }
}
