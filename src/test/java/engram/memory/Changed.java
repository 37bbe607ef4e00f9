package engram.memory;

import engram.error.InvalidInput;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Memories with something changed, and what is refused. */
final class Changed {
    private Changed() {}

    static void requireFinite(float[] vector) {
        for (float number : vector) {
            if (!Float.isFinite(number)) {
                throw new InvalidInput("vector", "holds a number that is not finite");
            }
        }
    }

    static Memory numbered(Memory m, long revision, long sequence) {
        return copy(
                m,
                m.tier(),
                m.payload(),
                m.reduced(),
                m.tags(),
                m.pinned(),
                m.importance(),
                m.recalls(),
                m.lastRecalled(),
                revision,
                sequence);
    }

    static Memory edited(Memory m, Update.Edit edit) {
        JsonObject tags = edit.tags();
        Boolean pinned = edit.pinned();
        Double importance = edit.importance();
        return copy(
                m,
                m.tier(),
                m.payload(),
                m.reduced(),
                tags == null ? m.tags() : tags,
                pinned == null ? m.pinned() : pinned,
                edit.clearImportance() ? null : importance != null ? importance : m.importance(),
                m.recalls(),
                m.lastRecalled(),
                m.revision(),
                m.sequence());
    }

    static Memory demoted(Memory m, Update.Demote demote) {
        return copy(
                m,
                demote.tier(),
                demote.payload(),
                demote.reduced(),
                m.tags(),
                m.pinned(),
                m.importance(),
                m.recalls(),
                m.lastRecalled(),
                m.revision(),
                m.sequence());
    }

    static Memory recalled(Memory m, int times, Instant at) {
        Instant before = m.lastRecalled();
        return copy(
                m,
                m.tier(),
                m.payload(),
                m.reduced(),
                m.tags(),
                m.pinned(),
                m.importance(),
                m.recalls() + times,
                before != null && before.isAfter(at) ? before : at,
                m.revision(),
                m.sequence());
    }

    private static Memory copy(
            Memory m,
            Tier tier,
            JsonObject payload,
            boolean reduced,
            JsonObject tags,
            boolean pinned,
            @Nullable Double importance,
            long recalls,
            @Nullable Instant lastRecalled,
            long revision,
            long sequence) {
        return new Memory(
                m.id(),
                m.agent(),
                m.kind(),
                m.step(),
                m.time(),
                tier,
                payload,
                reduced,
                tags,
                m.reward(),
                pinned,
                importance,
                m.surprise(),
                recalls,
                lastRecalled,
                m.count(),
                m.derivedFrom(),
                m.created(),
                revision,
                sequence);
    }
}
