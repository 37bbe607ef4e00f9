package engram.memory.consolidation;

import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.Search;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Merges near-duplicates of one agent, kind and tier by the leader algorithm: each memory in turn becomes the centre of
 * all others within half the diameter, unless one of those stands for more memories, whose group it then joins. So any
 * two members are within the diameter of each other (by the triangle inequality), centres stay where they are, and a
 * second pass finds nothing (J. A. Hartigan, Clustering Algorithms, 1975, chapter 3).
 */
final class Merging {
    private final View view;
    private final TierEncoding encoding;
    private final double diameter;
    private final Instant now;
    private final Tally tally;

    Merging(View view, TierEncoding encoding, double diameter, Instant now, Tally tally) {
        this.view = view;
        this.encoding = encoding;
        this.diameter = diameter;
        this.now = now;
        this.tally = tally;
    }

    /**
     * Merges what is near to these memories.
     *
     * @param page memories of one agent and tier
     */
    void merge(List<Memory> page) {
        for (Modality modality : Modality.values()) {
            List<Memory> ofModality = page.stream()
                    .filter(memory -> !memory.pinned() && memory.kind().modality() == modality)
                    .toList();
            if (!ofModality.isEmpty()) {
                encoding.use(live -> {
                    merge(ofModality, modality, live);
                    return true;
                });
            }
        }
    }

    private void merge(List<Memory> memories, Modality modality, TierEncoding.Live live) {
        if (live.versions(modality).size() > 1) {
            // A merged memory needs a vector of every live version, and the new one may not have come so far.
            tally.postponeMerging();
            return;
        }
        EmbeddingVersion version = live.versions(modality).getFirst();
        double radius = live.space(version).distance(memories.getFirst().tier().resolution(), 1 - diameter) / 2;
        Map<String, float[]> vectors =
                view.vectors(memories.stream().map(Memory::id).toList(), version);
        Groups groups = new Groups();
        for (Memory memory : memories) {
            float[] vector = vectors.get(memory.id());
            if (vector != null && !groups.isAbsorbed(memory)) {
                place(memory, view.near(memory, vector, version, radius), groups);
            }
        }
        write(groups.all(), version);
    }

    private static void place(Memory memory, List<Search.Hit> hits, Groups groups) {
        long own = groups.count(memory);
        List<Memory> near = hits.stream()
                .map(Search.Hit::memory)
                .filter(other -> !groups.isAbsorbed(other) && Group.mayJoin(memory, other))
                .toList();
        Optional<Memory> larger = Optional.empty();
        for (Memory other : near) {
            long count = groups.count(other);
            if (count > larger.map(groups::count).orElse(own)) {
                larger = Optional.of(other);
            }
        }
        if (larger.isPresent()) {
            groups.absorb(larger.get(), memory);
        } else {
            near.forEach(other -> groups.absorb(memory, other));
        }
    }

    /** Writes the merged memories before it removes what they stand for: a crash in between loses nothing. */
    private void write(List<Group> groups, EmbeddingVersion version) {
        List<String> ids = groups.stream()
                .flatMap(group -> group.members().stream())
                .map(Memory::id)
                .toList();
        Map<String, Memory> present = ids.isEmpty() ? Map.of() : view.get(ids);
        Map<String, float[]> centres =
                view.vectors(groups.stream().map(group -> group.centre().id()).toList(), version);
        List<Group> written = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (Group group : groups) {
            Optional<Group> unchanged = unchanged(group, present);
            float[] vector = centres.get(group.centre().id());
            if (unchanged.isPresent()
                    && vector != null
                    && vector.length == group.centre().tier().resolution().dimensions()) {
                written.add(unchanged.get());
                entries.add(new Entry(unchanged.get().merged(now), Map.of(version, vector)));
            }
        }
        if (entries.isEmpty()) {
            return;
        }
        view.append(entries);
        view.delete(
                written.stream()
                        .flatMap(group -> group.members().stream())
                        .map(Memory::id)
                        .toList(),
                Departure.MERGED);
        for (int i = 0; i < written.size(); i++) {
            tally.merged(entries.get(i).memory(), written.get(i).members());
        }
    }

    /** The group as its members are now, without those that someone has changed since they were read. */
    private static Optional<Group> unchanged(Group group, Map<String, Memory> present) {
        Memory centre = present.get(group.centre().id());
        if (centre == null || centre.revision() != group.centre().revision()) {
            return Optional.empty();
        }
        Group unchanged = new Group(centre);
        for (Memory member : group.members().subList(1, group.members().size())) {
            Memory now = present.get(member.id());
            if (now != null && now.revision() == member.revision()) {
                unchanged.add(now);
            }
        }
        return unchanged.members().size() > 1 ? Optional.of(unchanged) : Optional.empty();
    }

    /** The groups of one page while they grow. */
    private static final class Groups {
        private final Map<String, Group> byCentre = new LinkedHashMap<>();
        private final Set<String> absorbed = new HashSet<>();
        private final Map<String, Long> counts = new HashMap<>();

        boolean isAbsorbed(Memory memory) {
            return absorbed.contains(memory.id());
        }

        long count(Memory memory) {
            return counts.getOrDefault(memory.id(), memory.count());
        }

        void absorb(Memory centre, Memory other) {
            Group group = byCentre.computeIfAbsent(centre.id(), _ -> new Group(centre));
            Group former = byCentre.remove(other.id());
            counts.put(centre.id(), count(centre) + count(other));
            (former == null ? List.of(other) : former.members()).forEach(group::add);
            absorbed.add(other.id());
        }

        List<Group> all() {
            return List.copyOf(byCentre.values());
        }
    }
}
