package engram.memory.consolidation;

import engram.encoder.EmbeddingSpace;
import engram.memory.EmbeddingVersion;
import engram.memory.JsonObject;
import engram.memory.Memory;
import engram.memory.Modality;
import java.util.List;
import java.util.function.Function;

/** What consolidation needs of a space's encoders and schema. Thread-safe. */
public interface TierEncoding {
    /**
     * Does some work during which encoder versions neither appear nor disappear, so that what it writes fits the store.
     *
     * @param work takes seconds at most; must not keep what it is given
     */
    <T> T use(Function<Live, T> work);

    /**
     * What long-term memory keeps of a payload: the declared features of the state, and a text, which no vector can bring
     * back. A payload of which nothing is lost is returned as it is.
     *
     * @throws engram.error.InvalidInput if the payload does not fit the schema
     */
    JsonObject reduced(Memory memory);

    /** The encoder versions that are live during one piece of work. */
    interface Live {
        /** The versions of a modality that the store has vectors of: the active one first, then one being filled. */
        List<EmbeddingVersion> versions(Modality modality);

        /** How vectors of a live version are narrowed and scored. */
        EmbeddingSpace space(EmbeddingVersion version);
    }
}
