package engram.memory.redis;

import engram.memory.Departure;
import engram.memory.Memory;
import engram.memory.MemoryChanges;
import engram.memory.Update;
import engram.memory.WriteChecks;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes and removes memories. A change is computed from what was read and written only where that is still there; where
 * somebody was faster it is computed anew.
 */
final class MemoryUpdates {
    private static final int AT_ONCE = 100;
    private static final String APPLIED = "applied";
    private static final String MISSING = "missing";

    private final RedisSpace space;
    private final MemoryReading reading;
    private final NumberFields numbers;
    private final MemoryWrites writes;

    MemoryUpdates(RedisSpace space, MemoryReading reading, NumberFields numbers, MemoryWrites writes) {
        this.space = space;
        this.reading = reading;
        this.numbers = numbers;
        this.writes = writes;
    }

    List<Update.Outcome> update(List<Update> updates) {
        updates.forEach(MemoryUpdates::check);
        Update.@Nullable Outcome[] outcomes = new Update.Outcome[updates.size()];
        int from = 0;
        while (from < updates.size()) {
            int to = from;
            Set<String> ids = new HashSet<>();
            while (to < updates.size()
                    && to - from < AT_ONCE
                    && ids.add(updates.get(to).id())) {
                to++;
            }
            List<Integer> places = new ArrayList<>();
            for (int place = from; place < to; place++) {
                places.add(place);
            }
            while (!places.isEmpty()) {
                applyOnce(updates, places, outcomes);
                places.removeIf(place -> outcomes[place] != null);
            }
            from = to;
        }
        return Arrays.asList(outcomes).stream().map(MemoryUpdates::decided).toList();
    }

    private static void check(Update update) {
        if (update.change() instanceof Update.Demote demote) {
            demote.vectors().values().forEach(vector -> WriteChecks.requireFit(vector, demote.tier()));
        }
    }

    private static Update.Outcome decided(Update.@Nullable Outcome outcome) {
        if (outcome == null) {
            throw new IllegalStateException("an update without an outcome");
        }
        return outcome;
    }

    /** Decides those of these places that nobody else changes meanwhile. */
    private void applyOnce(List<Update> updates, List<Integer> places, Update.@Nullable Outcome[] outcomes) {
        Map<String, Memory> before = reading.plain(
                places.stream().map(place -> updates.get(place).id()).toList());
        List<Integer> rewritten = new ArrayList<>();
        List<Rewrite> rewrites = new ArrayList<>();
        Map<Departure, List<Integer>> removed = new EnumMap<>(Departure.class);
        for (int place : places) {
            Update update = updates.get(place);
            Memory memory = before.get(update.id());
            if (memory == null) {
                outcomes[place] = Update.Outcome.MISSING;
            } else if (update.expectedRevision().isPresent()
                    && update.expectedRevision().getAsLong() != memory.revision()) {
                outcomes[place] = Update.Outcome.STALE;
            } else {
                switch (update.change()) {
                    case Update.Edit edit -> {
                        rewritten.add(place);
                        rewrites.add(new Rewrite(memory, MemoryChanges.edited(memory, edit, 0), null));
                    }
                    case Update.Demote demote -> {
                        rewritten.add(place);
                        rewrites.add(new Rewrite(memory, MemoryChanges.demoted(memory, demote, 0), demote));
                    }
                    case Update.Remove remove ->
                        removed.computeIfAbsent(remove.why(), _ -> new ArrayList<>())
                                .add(place);
                }
            }
        }
        if (!rewrites.isEmpty()) {
            decide(rewrite(rewrites), rewritten, outcomes);
        }
        removed.forEach((why, which) -> {
            Map<String, String> revisions = new HashMap<>();
            which.forEach(place -> {
                Update update = updates.get(place);
                update.expectedRevision().ifPresent(revision -> revisions.put(update.id(), Long.toString(revision)));
            });
            List<String> ids =
                    which.stream().map(place -> updates.get(place).id()).toList();
            decide(remove(ids, revisions, why), which, outcomes);
        });
    }

    private static void decide(Response answers, List<Integer> places, Update.@Nullable Outcome[] outcomes) {
        for (int i = 0; i < places.size(); i++) {
            switch (answers.get(i).toString()) {
                case APPLIED -> outcomes[places.get(i)] = Update.Outcome.APPLIED;
                case MISSING -> outcomes[places.get(i)] = Update.Outcome.MISSING;
                default -> {
                    // Changed since it was read: decided at the next attempt.
                }
            }
        }
    }

    private Response rewrite(List<Rewrite> rewrites) {
        List<SearchableContent> contents = rewrites.stream()
                .map(rewrite -> SearchableContent.of(rewrite.after()))
                .toList();
        Set<Integer> fields = numbers.give(NumberFields.places(contents));
        return writes.withVersions(about -> {
            Arguments arguments = new Arguments().add(rewrites.size());
            for (int i = 0; i < rewrites.size(); i++) {
                Rewrite rewrite = rewrites.get(i);
                Memory after = rewrite.after();
                writes.prepare(about, after.kind().modality(), fields);
                arguments.add(after.id()).add(rewrite.before().revision());
                Update.Demote demote = rewrite.demote();
                arguments
                        .add(demote == null ? "EDITED" : "DEMOTED")
                        .add(after.tier().name());
                if (demote == null) {
                    arguments.add(-1);
                } else {
                    MemoryWrites.addVectors(demote.vectors(), about, arguments);
                }
                writes.addFields(after, contents.get(i), arguments);
            }
            return space.run(Script.REWRITE, arguments);
        });
    }

    private Response remove(List<String> ids, Map<String, String> revisions, Departure why) {
        Arguments arguments = new Arguments().add(why.name()).add(ids.size());
        ids.forEach(id -> arguments.add(id).add(revisions.getOrDefault(id, "")));
        return space.run(Script.REMOVE, arguments);
    }

    Set<String> delete(Collection<String> ids, Departure why) {
        Set<String> deleted = new LinkedHashSet<>();
        for (List<String> part : MemoryReading.parts(List.copyOf(new LinkedHashSet<>(ids)))) {
            Response answers = remove(part, Map.of(), why);
            for (int i = 0; i < part.size(); i++) {
                if (answers.get(i).toString().equals(APPLIED)) {
                    deleted.add(part.get(i));
                }
            }
        }
        return deleted;
    }

    /** @param demote what moves the memory, null for an edit, which keeps the vectors */
    private record Rewrite(Memory before, Memory after, Update.@Nullable Demote demote) {}
}
