package engram.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import engram.error.InvalidInput;
import engram.memory.ChangeEvent;
import engram.memory.Filter;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.space.Query;
import engram.memory.space.Ranking;
import engram.memory.space.Recall;
import engram.memory.space.Recalled;
import engram.memory.space.Space;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Keeps a window of experiences up with a space. {@link #read} is called by one thread at a time. */
final class SpaceReading {
    private static final int PAGE = 500;
    private static final int SHOWN = 16;
    private static final int RECALLED_FOR_EACH = 32;

    private final SharedReplaySettings settings;
    private final ExperienceWindow window;
    private final AtomicLong unusable = new AtomicLong();
    private final Deque<float[]> shown = new ArrayDeque<>();
    private @Nullable Space followed;
    private long sequence;

    SpaceReading(SharedReplaySettings settings, ExperienceWindow window) {
        this.settings = settings;
        this.window = window;
    }

    long unusable() {
        return unusable.get();
    }

    void show(float[] observation) {
        synchronized (shown) {
            if (shown.size() == SHOWN) {
                shown.removeFirst();
            }
            shown.addLast(observation.clone());
        }
    }

    /** Takes in what is new; everything, where the changes since the last time are not all known any more. */
    void read(Space space, Instant now) {
        boolean recalled = settings.strategy() == SharedReplaySettings.Strategy.SIMILAR;
        if (!space.equals(followed) || space.sequence() < sequence) {
            load(space, now, recalled);
        } else if (!follow(space, recalled)) {
            load(space, now, recalled);
        }
        if (recalled) {
            recall(space, now);
        }
        if (settings.greatestAge() != null) {
            window.expire(now.minus(settings.greatestAge()).toEpochMilli());
        }
    }

    private void load(Space space, Instant now, boolean recalled) {
        long begun = space.sequence();
        List<Memory> newest = new ArrayList<>();
        Scan.Position after = null;
        while (!recalled && newest.size() < settings.held()) {
            int most = Math.min(PAGE, settings.held() - newest.size());
            Scan.Page page = space.list(new Scan(filter(now), true, after, most));
            newest.addAll(page.memories());
            after = page.next();
            if (after == null) {
                break;
            }
        }
        window.clear();
        // The newest last, so that it is the last to be pushed out.
        newest.reversed().forEach(this::take);
        followed = space;
        sequence = begun;
    }

    /** False if changes are missing, or so many that everything is read faster anew. */
    private boolean follow(Space space, boolean recalled) {
        long now = space.sequence();
        if (now == sequence) {
            return true;
        }
        List<ChangeEvent> oldest = space.changes(0, 1);
        if (!oldest.isEmpty() && oldest.getFirst().sequence() > sequence + 1) {
            return false;
        }
        int left = settings.held();
        while (left > 0) {
            List<ChangeEvent> changes = space.changes(sequence, PAGE);
            if (changes.isEmpty()) {
                sequence = Math.max(sequence, now);
                return true;
            }
            take(space, changes, recalled);
            sequence = changes.getLast().sequence();
            left -= changes.size();
        }
        return false;
    }

    private void take(Space space, List<ChangeEvent> changes, boolean recalled) {
        Set<String> asked = new LinkedHashSet<>();
        for (ChangeEvent change : changes) {
            boolean held = window.holds(change.id());
            if (held || (!recalled && change.type() == ChangeEvent.Type.NEW && settings.takes(change.agent()))) {
                asked.add(change.id());
            }
        }
        if (asked.isEmpty()) {
            return;
        }
        Map<String, Memory> memories = space.many().get(asked);
        for (String id : asked) {
            Memory memory = memories.get(id);
            if (memory == null || memory.reduced()) {
                window.remove(id);
            } else if (settings.kinds().contains(memory.kind())) {
                take(memory);
            }
        }
    }

    private void recall(Space space, Instant now) {
        for (float[] observation = next(); observation != null; observation = next()) {
            ArrayNode state = JsonNodeFactory.instance.arrayNode(observation.length);
            for (float number : observation) {
                state.add(number);
            }
            Recall recall = new Recall(
                    new Query.OfState(state),
                    Math.min(RECALLED_FOR_EACH, settings.held()),
                    Set.of(),
                    filter(now),
                    settings.leastSimilarity(),
                    Ranking.BY_SIMILARITY,
                    Set.of(),
                    false);
            space.recall(recall).matches().reversed().stream()
                    .map(Recalled.Match::memory)
                    .forEach(this::take);
        }
    }

    private float @Nullable [] next() {
        synchronized (shown) {
            return shown.pollFirst();
        }
    }

    private void take(Memory memory) {
        try {
            Optional<Transition> transition = ExperienceJson.read(memory);
            if (transition.isEmpty()) {
                unusable.incrementAndGet();
                return;
            }
            Double importance = memory.importance();
            double priority = importance == null ? SharedPriority.UNKNOWN : SharedPriority.ofImportance(importance);
            window.put(
                    memory.id(),
                    new ExperienceWindow.Moment(
                            memory.agent(), memory.step(), memory.time().toEpochMilli()),
                    transition.get(),
                    priority);
        } catch (InvalidInput e) {
            unusable.incrementAndGet();
        }
    }

    private Filter filter(Instant now) {
        List<Filter> parts = new ArrayList<>();
        parts.add(in(
                new Filter.Field.Kind(),
                settings.kinds().stream().map(kind -> kind.jsonName()).sorted().toList()));
        if (!settings.include().isEmpty()) {
            parts.add(in(
                    new Filter.Field.Agent(),
                    settings.include().stream().sorted().toList()));
        }
        List<String> without = new ArrayList<>(settings.exclude());
        if (!settings.own()) {
            without.add(settings.agent());
        }
        if (!without.isEmpty()) {
            parts.add(new Filter.Not(in(new Filter.Field.Agent(), without)));
        }
        if (settings.greatestAge() != null) {
            double earliest = now.minus(settings.greatestAge()).toEpochMilli();
            parts.add(new Filter.Range(new Filter.Field.Time(), earliest, true, Double.POSITIVE_INFINITY, true));
        }
        return new Filter.And(parts);
    }

    private static Filter in(Filter.Field field, List<String> names) {
        return new Filter.In(
                field, names.stream().<JsonNode>map(TextNode::valueOf).toList());
    }
}
