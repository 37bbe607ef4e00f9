package engram.memory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Damaged;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON object, kept as UTF-8 bytes and parsed when first looked into. Equality is that of the parsed
 * objects' content, whatever the order of their keys. Thread-safe.
 */
public final class JsonObject {
    /** An object without members. */
    public static final JsonObject EMPTY = stored(new byte[] {'{', '}'});

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1_000)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(1_000).build())
            .build());

    private final byte[] utf8;
    private volatile @Nullable ObjectNode parsed;

    private JsonObject(byte[] utf8, @Nullable ObjectNode parsed) {
        this.utf8 = utf8;
        this.parsed = parsed;
    }

    /** The object that {@code node} is now; later changes of {@code node} do not show. */
    public static JsonObject of(ObjectNode node) {
        try {
            return new JsonObject(MAPPER.writeValueAsBytes(node), null);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a JSON tree that cannot be written", e);
        }
    }

    /**
     * An object that a store kept. The bytes are not looked at until {@link #tree()} is called.
     *
     * @param utf8 a JSON object in UTF-8; owned by the new object from now on
     */
    public static JsonObject stored(byte[] utf8) {
        return new JsonObject(utf8, null);
    }

    /** The bytes of the object in UTF-8, as a new array. */
    public byte[] utf8() {
        return utf8.clone();
    }

    /** How many bytes the object has in UTF-8. */
    public int size() {
        return utf8.length;
    }

    /**
     * The parsed object. It is shared: the caller must not change it ({@link ObjectNode#deepCopy()} makes a copy that may
     * be changed).
     *
     * @throws Damaged if the bytes are not a JSON object
     */
    public ObjectNode tree() {
        ObjectNode tree = parsed;
        if (tree == null) {
            try {
                JsonNode node = MAPPER.readTree(utf8);
                if (!(node instanceof ObjectNode object)) {
                    throw new Damaged("a stored JSON object is a " + node.getNodeType());
                }
                tree = object;
            } catch (IOException e) {
                throw new Damaged("a stored JSON object cannot be parsed", e);
            }
            parsed = tree;
        }
        return tree;
    }

    /** Whether the object has no members. */
    public boolean isEmpty() {
        return utf8.length <= 2;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonObject that && (Arrays.equals(utf8, that.utf8) || tree().equals(that.tree()));
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(tree());
    }

    @Override
    public String toString() {
        return tree().toString();
    }
}
