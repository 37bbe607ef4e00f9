package engram.memory.embedded;

import engram.memory.EmbeddingVersion;
import engram.memory.Memory;
import engram.memory.Modality;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a committed write means to the indexes.
 *
 * @param row the memory's row
 * @param sequence the number of the change
 * @param modality whose indexes are concerned
 * @param memory the memory as it is now; null if it is gone
 * @param vectors its vectors; an index whose version is not among them does not hold the memory
 * @param fresh whether no index can hold the row yet
 * @param only the one version that changes; null for all of the modality
 */
record IndexChange(
        long row,
        long sequence,
        Modality modality,
        @Nullable Memory memory,
        Map<EmbeddingVersion, float[]> vectors,
        boolean fresh,
        @Nullable EmbeddingVersion only) {
    /** Whether this version's index is concerned. */
    boolean concerns(EmbeddingVersion version) {
        return only == null ? version.modality() == modality : only.equals(version);
    }
}
