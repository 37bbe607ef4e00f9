package engram.memory.transfer;

import engram.memory.EmbeddingVersion;
import engram.memory.Filter;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Scan;
import engram.run.Progress;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the memories of a store into a stream, oldest first, page by page. */
public final class MemoryExport {
    private static final int PAGE = 500;

    private final MemoryStore store;
    private final boolean withVectors;

    /**
     * @param withVectors whether the vectors of the active encoder versions travel with the memories
     */
    public MemoryExport(MemoryStore store, boolean withVectors) {
        this.store = store;
        this.withVectors = withVectors;
    }

    /**
     * Writes every memory that satisfies the filter. Memories that change meanwhile are in as they were or as they are.
     *
     * @param out not closed
     * @return how many were written
     * @throws engram.error.Unavailable if the stream breaks; what it has then is without the last line and not whole
     */
    public long run(Header header, Filter filter, OutputStream out, Progress progress) {
        // Not closed: the stream belongs to the caller, and finishing flushes it.
        @SuppressWarnings("resource")
        MemoryWriter writer = new MemoryWriter(out, header);
        Scan.Position after = null;
        do {
            progress.checkCancelled();
            Scan.Page page = store.scan(new Scan(filter, false, after, PAGE));
            Map<String, TransferredMemory.Vector> vectors = vectors(page.memories());
            for (Memory memory : page.memories()) {
                TransferredMemory.Vector vector = vectors.get(memory.id());
                // A memory demoted between the two reads has a vector of another tier by now.
                boolean fits = vector != null
                        && vector.numbers().length == memory.tier().resolution().dimensions();
                writer.write(new TransferredMemory(memory, fits ? vector : null));
            }
            after = page.next();
            progress.report(
                    0, writer.memories() + " memories exported", Map.of("exported", (double) writer.memories()));
        } while (after != null);
        writer.finish();
        return writer.memories();
    }

    private Map<String, TransferredMemory.Vector> vectors(List<Memory> memories) {
        Map<String, TransferredMemory.Vector> vectors = new HashMap<>();
        if (withVectors) {
            for (Modality modality : Modality.values()) {
                EmbeddingVersion version = store.activeVersion(modality);
                List<String> ids = memories.stream()
                        .filter(memory -> memory.kind().modality() == modality)
                        .map(Memory::id)
                        .toList();
                if (!ids.isEmpty()) {
                    store.vectors(ids, version)
                            .forEach((id, numbers) -> vectors.put(id, new TransferredMemory.Vector(version, numbers)));
                }
            }
        }
        return vectors;
    }
}
