package engram.service.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The access keys of a memory, wherever it is. Keys are JSON as the API has it. */
interface KeyAccess extends AutoCloseable {
    /**
     * Makes a key.
     *
     * @param wanted as {@code POST /v1/admin/keys} takes it
     * @return the key and its secret
     * @throws engram.error.EngramException if it is refused
     */
    ObjectNode create(ObjectNode wanted);

    /** Every key that is remembered, by id. */
    List<ObjectNode> list();

    /** Revokes a key for good. */
    void revoke(String id);

    @Override
    void close();
}
