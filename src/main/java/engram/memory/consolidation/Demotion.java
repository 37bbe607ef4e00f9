package engram.memory.consolidation;

import engram.error.InvalidInput;
import engram.memory.EmbeddingVersion;
import engram.memory.JsonObject;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.Tier;
import engram.memory.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Moves memories one tier down: narrows their vectors and, on the way to LTM, reduces their payload. */
final class Demotion {
    private final View view;
    private final TierEncoding encoding;

    Demotion(View view, TierEncoding encoding) {
        this.view = view;
        this.encoding = encoding;
    }

    /** Moves memories to the tier below the one they are all in; returns those that moved. */
    List<Memory> demote(List<Memory> memories, Tier to) {
        return encoding.use(live -> demote(memories, to, live));
    }

    private List<Memory> demote(List<Memory> memories, Tier to, TierEncoding.Live live) {
        Map<String, Map<EmbeddingVersion, float[]>> vectors = new HashMap<>();
        for (Modality modality : Modality.values()) {
            narrow(memories, modality, to, live, vectors);
        }
        List<Memory> movable = new ArrayList<>();
        List<Update> updates = new ArrayList<>();
        for (Memory memory : memories) {
            Map<EmbeddingVersion, float[]> own = vectors.getOrDefault(memory.id(), Map.of());
            if (own.containsKey(live.versions(memory.kind().modality()).getFirst())) {
                JsonObject payload = kept(memory, to);
                boolean reduced = memory.reduced() || !payload.equals(memory.payload());
                movable.add(memory);
                updates.add(new Update(
                        memory.id(), OptionalLong.of(memory.revision()), new Update.Demote(to, payload, reduced, own)));
            }
        }
        List<Update.Outcome> outcomes = updates.isEmpty() ? List.of() : view.update(updates);
        List<Memory> moved = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) == Update.Outcome.APPLIED) {
                moved.add(movable.get(i));
            }
        }
        return moved;
    }

    private void narrow(
            List<Memory> memories,
            Modality modality,
            Tier to,
            TierEncoding.Live live,
            Map<String, Map<EmbeddingVersion, float[]>> narrowed) {
        Map<String, Tier> tiers = new HashMap<>();
        memories.stream()
                .filter(memory -> memory.kind().modality() == modality)
                .forEach(memory -> tiers.put(memory.id(), memory.tier()));
        if (tiers.isEmpty()) {
            return;
        }
        for (EmbeddingVersion version : live.versions(modality)) {
            view.vectors(tiers.keySet(), version).forEach((id, vector) -> {
                Tier from = tiers.getOrDefault(id, to);
                // A memory that was demoted since it was read has a vector of another width, and will be stale.
                if (vector.length == from.resolution().dimensions()) {
                    float[] narrow = live.space(version).compress(vector, from.resolution(), to.resolution());
                    narrowed.computeIfAbsent(id, _ -> new HashMap<>()).put(version, narrow);
                }
            });
        }
    }

    private JsonObject kept(Memory memory, Tier to) {
        if (to != Tier.LTM || memory.pinned()) {
            return memory.payload();
        }
        try {
            return encoding.reduced(memory);
        } catch (InvalidInput e) {
            // A payload that the schema cannot read is not lost for it.
            return memory.payload();
        }
    }

    /** The memory as it is after a demotion. */
    static Memory applied(Memory memory, Update.Demote demote) {
        return new Memory(
                memory.id(),
                memory.agent(),
                memory.kind(),
                memory.step(),
                memory.time(),
                demote.tier(),
                demote.payload(),
                demote.reduced(),
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
                memory.revision() + 1,
                // Every change made by this consolidation is newer than what an earlier one has examined.
                Long.MAX_VALUE);
    }
}
