package engram.service.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** The spaces of a memory, wherever it is. */
interface SpaceAccess extends AutoCloseable {
    /** Whether there is a space of this name. */
    boolean has(String space);

    /** The names of the spaces, sorted; of very many only the first. */
    List<String> names();

    /**
     * Makes a space.
     *
     * @param settings as an export has them; what they leave out takes its default
     * @throws InvalidInput if the name or the settings are unsuitable
     */
    void create(String space, ObjectNode settings);

    /** Writes memories into a stream, which is not closed. */
    void exportTo(String space, Selection selection, OutputStream out);

    /**
     * Reads memories from a stream.
     *
     * @return the report, as {@link engram.memory.transfer.ImportReport#toJson} writes it
     * @throws InvalidInput if the stream has no format that can be read
     */
    ObjectNode importFrom(String space, InputStream in);

    @Override
    void close();

    /**
     * Refuses a space that is not there.
     *
     * @param advice what else could be done; empty if nothing
     * @throws InvalidInput with the name that was probably meant
     */
    default void require(String space, String advice) {
        if (!has(space)) {
            throw new InvalidInput(
                    "", "there is no space '" + space + "'" + Suggestion.forName(space, names()) + advice);
        }
    }

    /**
     * What of a space is exported.
     *
     * @param filter what a memory must satisfy, as JSON; every memory where it is absent
     * @param vectors whether vectors travel with the memories
     */
    record Selection(Optional<ObjectNode> filter, boolean vectors) {}
}
