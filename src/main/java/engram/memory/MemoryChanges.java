package engram.memory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a memory becomes by a write, in every store. */
public final class MemoryChanges {
    private MemoryChanges() {}

    /** A new memory as it is kept: of revision 1. */
    public static Memory appended(Memory memory, long sequence) {
        return with(
                memory,
                memory.tier(),
                memory.payload(),
                memory.reduced(),
                memory.tags(),
                memory.pinned(),
                memory.importance(),
                1,
                sequence);
    }

    /** A memory after a client's edit. */
    public static Memory edited(Memory memory, Update.Edit edit, long sequence) {
        Double importance = edit.importance() != null ? edit.importance() : memory.importance();
        return with(
                memory,
                memory.tier(),
                memory.payload(),
                memory.reduced(),
                edit.tags() == null ? memory.tags() : edit.tags(),
                edit.pinned() == null ? memory.pinned() : edit.pinned(),
                edit.clearImportance() ? null : importance,
                memory.revision() + 1,
                sequence);
    }

    /** A memory after its move to a lower tier. */
    public static Memory demoted(Memory memory, Update.Demote demote, long sequence) {
        return with(
                memory,
                demote.tier(),
                demote.payload(),
                demote.reduced(),
                memory.tags(),
                memory.pinned(),
                memory.importance(),
                memory.revision() + 1,
                sequence);
    }

    /** A memory with these counts of recalls. */
    public static Memory recalled(Memory memory, long recalls, @Nullable Instant lastRecalled) {
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
                recalls,
                lastRecalled,
                memory.count(),
                memory.derivedFrom(),
                memory.created(),
                memory.revision(),
                memory.sequence());
    }

    private static Memory with(
            Memory memory,
            Tier tier,
            JsonObject payload,
            boolean reduced,
            JsonObject tags,
            boolean pinned,
            @Nullable Double importance,
            long revision,
            long sequence) {
        return new Memory(
                memory.id(),
                memory.agent(),
                memory.kind(),
                memory.step(),
                memory.time(),
                tier,
                payload,
                reduced,
                tags,
                memory.reward(),
                pinned,
                importance,
                memory.surprise(),
                memory.recalls(),
                memory.lastRecalled(),
                memory.count(),
                memory.derivedFrom(),
                memory.created(),
                revision,
                sequence);
    }
}
