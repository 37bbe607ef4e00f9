package engram.memory.transfer;

import engram.error.FieldError;
import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What tests of transfers share. */
public final class Transfers {
    private Transfers() {}

    /** The memory with the numbers that every memory on its way has. */
    static Memory numbered(Memory memory) {
        return new Memory(
                memory.id(),
                memory.agent(),
                memory.kind(),
                memory.step(),
                memory.time(),
                memory.tier(),
                memory.payload(),
                memory.reduced(),
                memory.tags(),
                memory.reward(),
                memory.pinned(),
                memory.importance(),
                memory.surprise(),
                memory.recalls(),
                memory.lastRecalled(),
                memory.count(),
                memory.derivedFrom(),
                memory.created(),
                1,
                0);
    }

    /** Puts what is imported into a store; a memory without a vector gets one of zeros. */
    public static MemoryImport.Target into(MemoryStore store) {
        return (_, batch) -> {
            List<Entry> entries = new ArrayList<>();
            for (TransferredMemory transferred : batch) {
                Memory memory = transferred.memory();
                TransferredMemory.Vector vector = transferred.vector();
                float[] numbers =
                        vector == null ? new float[memory.tier().resolution().dimensions()] : vector.numbers();
                entries.add(new Entry(
                        memory, Map.of(new EmbeddingVersion(memory.kind().modality(), 0), numbers)));
            }
            return store.append(new Append(entries, Optional.empty())).outcomes().stream()
                    .map(outcome -> switch (outcome) {
                        case Appended.Stored stored
                        when stored.id().startsWith("bad") ->
                            (MemoryImport.Outcome) new MemoryImport.Outcome.Refused(new FieldError("id", "is bad"));
                        case Appended.Stored _ -> new MemoryImport.Outcome.Stored();
                        case Appended.Duplicate _ -> new MemoryImport.Outcome.Duplicate();
                    })
                    .toList();
        };
    }
}
