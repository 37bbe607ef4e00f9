package engram.memory.consolidation;

import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.Search;
import engram.memory.Update;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The store as a consolidation sees it: the store itself, or in a dry run the store with changes laid over it that
 * never reach it.
 */
interface View {
    Scan.Page scan(Scan scan);

    Map<String, Memory> get(Collection<String> ids);

    Map<String, float[]> vectors(Collection<String> ids, EmbeddingVersion version);

    /**
     * The memories of the same agent, kind and tier whose vectors lie within a radius, nearest first, without the memory
     * itself.
     */
    List<Search.Hit> near(Memory memory, float[] vector, EmbeddingVersion version, double radius);

    void append(List<Entry> entries);

    List<Update.Outcome> update(List<Update> updates);

    void delete(Collection<String> ids, Departure why);
}
