package engram.memory.space;

import engram.memory.EmbeddingVersion;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import java.util.OptionalInt;

/**
 * The encoder versions of states that a store has vectors of.
 *
 * @param active the one that answers searches
 * @param filling the one that is being filled
 */
record StateVersions(int active, OptionalInt filling) {
    /** The versions of a store as they are at one moment. */
    static StateVersions of(MemoryStore store) {
        while (true) {
            EmbeddingVersion active = store.activeVersion(Modality.STATE);
            OptionalInt filling = store.versions().stream()
                    .filter(version -> version.modality() == Modality.STATE && !version.equals(active))
                    .mapToInt(EmbeddingVersion::number)
                    .max();
            // Between the two answers another one may have become active.
            if (store.activeVersion(Modality.STATE).equals(active)) {
                return new StateVersions(active.number(), filling);
            }
        }
    }

    /** A number as the store knows it. */
    static EmbeddingVersion version(int number) {
        return new EmbeddingVersion(Modality.STATE, number);
    }
}
