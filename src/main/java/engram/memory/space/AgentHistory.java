package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import engram.memory.Filter;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Scan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one agent's states were, step by step. Thread-safe. */
final class AgentHistory {
    private static final int PAGE = 500;
    private static final Filter.Field STEP = new Filter.Field.Step();

    private final MemoryStore store;
    private final Function<Memory, StateView> states;

    /** @param states tells the state of a memory, kept or rebuilt */
    AgentHistory(MemoryStore store, Function<Memory, StateView> states) {
        this.store = store;
        this.states = states;
    }

    /** The newest state of each of these steps; steps without one are left out. */
    List<Snapshot> snapshots(String agent, List<Long> steps) {
        Map<Long, Memory> newest = new HashMap<>();
        Filter filter = new Filter.And(List.of(
                is(new Filter.Field.Agent(), agent),
                is(new Filter.Field.Kind(), "state"),
                new Filter.In(
                        STEP, steps.stream().<JsonNode>map(LongNode::valueOf).toList())));
        Scan.Position after = null;
        do {
            Scan.Page page = store.scan(new Scan(filter, true, after, PAGE));
            for (Memory memory : page.memories()) {
                if (memory.step() != null) {
                    newest.putIfAbsent(memory.step(), memory);
                }
            }
            after = page.next();
        } while (after != null && newest.size() < steps.size());
        return steps.stream()
                .distinct()
                .filter(newest::containsKey)
                .map(step -> snapshot(step, newest))
                .toList();
    }

    private Snapshot snapshot(long step, Map<Long, Memory> newest) {
        Memory memory = newest.get(step);
        if (memory == null) {
            throw new IllegalStateException("no memory of step " + step);
        }
        StateView view = states.apply(memory);
        return new Snapshot(step, memory.id(), memory.time(), view.state(), view.reconstructed());
    }

    /**
     * The changes of an attribute, oldest first. Only exact values count: an attribute that long-term memory did not keep
     * is passed over.
     *
     * @param attribute the names from the state inwards, separated by dots
     * @param limit how many changes at most
     */
    List<AttributeChange> changes(
            String agent, String attribute, OptionalLong fromStep, OptionalLong toStep, int limit) {
        List<Filter> parts = new ArrayList<>();
        parts.add(is(new Filter.Field.Agent(), agent));
        parts.add(new Filter.Exists(new Filter.Field.PayloadPath(List.of("state"))));
        if (fromStep.isPresent() || toStep.isPresent()) {
            double from = fromStep.isPresent() ? fromStep.getAsLong() : Double.NEGATIVE_INFINITY;
            double to = toStep.isPresent() ? toStep.getAsLong() : Double.POSITIVE_INFINITY;
            parts.add(new Filter.Range(STEP, from, true, to, true));
        }
        List<String> path = List.of(attribute.split("\\.", -1));
        List<AttributeChange> changes = new ArrayList<>();
        JsonNode previous = null;
        Scan.Position after = null;
        do {
            Scan.Page page = store.scan(new Scan(new Filter.And(parts), false, after, PAGE));
            for (Memory memory : page.memories()) {
                JsonNode value = value(memory, path);
                if (value != null && !value.equals(previous) && changes.size() < limit) {
                    changes.add(new AttributeChange(memory.id(), memory.step(), memory.time(), previous, value));
                    previous = value;
                }
            }
            after = page.next();
        } while (after != null && changes.size() < limit);
        return changes;
    }

    private static @Nullable JsonNode value(Memory memory, List<String> path) {
        JsonNode node = memory.payload().tree().get("state");
        for (String name : path) {
            node = node == null ? null : node.get(name);
        }
        return node;
    }

    private static Filter is(Filter.Field field, String value) {
        return new Filter.In(field, List.of(TextNode.valueOf(value)));
    }
}
