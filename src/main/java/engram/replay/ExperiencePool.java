package engram.replay;

import engram.memory.ChangeEvent;
import engram.memory.Filter;
import engram.memory.FilterEvaluation;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.space.Space;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ids and priorities of the newest experiences that satisfy a filter, kept up with their space. Thread-safe. */
final class ExperiencePool {
    private static final int PAGE = 500;
    private static final int PAGES_FOLLOWED = 10;

    private final Filter filter;
    private final int most;
    /** Oldest first. */
    private final Map<String, Double> priorities = new LinkedHashMap<>();

    private @Nullable Space followed;
    private long sequence;
    private @Nullable Contents contents;

    ExperiencePool(Filter filter, int most) {
        this.filter = filter;
        this.most = most;
    }

    /** What there is now. */
    synchronized Contents contents(Space space) {
        long now = space.sequence();
        if (!space.equals(followed) || now < sequence || !follow(space, now)) {
            load(space, now);
        }
        Contents known = contents;
        if (known == null) {
            known = new Contents(
                    priorities.keySet().toArray(String[]::new),
                    priorities.values().stream()
                            .mapToDouble(Double::doubleValue)
                            .toArray());
            contents = known;
        }
        return known;
    }

    private void load(Space space, long now) {
        contents = null;
        followed = null;
        List<Memory> newest = new ArrayList<>();
        Scan.Position after = null;
        do {
            Scan.Page page = space.list(new Scan(filter, true, after, PAGE));
            page.memories().stream().filter(SpaceSamples::isUsable).forEach(newest::add);
            after = page.next();
        } while (after != null && newest.size() < most);
        priorities.clear();
        newest.reversed().forEach(memory -> priorities.put(memory.id(), priority(memory)));
        trim();
        sequence = now;
        followed = space;
    }

    /** False if changes are missing, or so many that everything is read faster anew. */
    private boolean follow(Space space, long now) {
        if (now == sequence) {
            return true;
        }
        contents = null;
        List<ChangeEvent> oldest = space.changes(0, 1);
        if (!oldest.isEmpty() && oldest.getFirst().sequence() > sequence + 1) {
            return false;
        }
        for (int page = 0; page < PAGES_FOLLOWED; page++) {
            List<ChangeEvent> changes = space.changes(sequence, PAGE);
            if (changes.isEmpty()) {
                sequence = Math.max(sequence, now);
                return true;
            }
            List<String> ids = changes.stream().map(ChangeEvent::id).distinct().toList();
            Map<String, Memory> memories = space.many().get(ids);
            for (String id : ids) {
                Memory memory = memories.get(id);
                if (memory != null && SpaceSamples.isUsable(memory) && FilterEvaluation.matches(filter, memory)) {
                    priorities.put(id, priority(memory));
                } else {
                    priorities.remove(id);
                }
            }
            trim();
            sequence = changes.getLast().sequence();
        }
        return false;
    }

    private void trim() {
        Iterator<String> oldest = priorities.keySet().iterator();
        while (priorities.size() > most) {
            oldest.next();
            oldest.remove();
        }
    }

    private static double priority(Memory memory) {
        Double importance = memory.importance();
        return importance == null ? SharedPriority.UNKNOWN : SharedPriority.ofImportance(importance);
    }

    /** Ids and, at the same places, priorities; not changed any more. */
    @SuppressWarnings("ArrayRecordComponent") // shared and read only
    record Contents(String[] ids, double[] priorities) {}
}
