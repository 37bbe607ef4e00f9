package engram.benchmarks.store;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.Filter;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Tier;
import java.time.Instant;
import java.util.List;

/**
 * Memories {@code m0}, {@code m1}, … with the tag {@code sample}, the number modulo 100, and the filters that select known
 * shares of them.
 */
public final class NumberedMemories {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SAMPLES = 100;

    private NumberedMemories() {}

    /** A memory with a small state made from its number. */
    public static Memory of(int number, Tier tier) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("state")
                .put("health", number % 100)
                .put("energy", number % 37)
                .put("resources", number % 1_000)
                .put("x_position", number % 501)
                .put("agent_type", "harvester");
        return of(number, tier, payload, tier == Tier.LTM);
    }

    /** A memory with a payload. */
    public static Memory of(int number, Tier tier, ObjectNode payload, boolean reduced) {
        Instant time = START.plusMillis(number);
        return new Memory(
                "m" + number,
                "agent-" + number % 20,
                Kind.STATE,
                (long) number,
                time,
                tier,
                JsonObject.of(payload),
                reduced,
                JsonObject.of(JsonNodeFactory.instance.objectNode().put("sample", number % SAMPLES)),
                null,
                false,
                null,
                0.5,
                0,
                null,
                1,
                List.of(),
                time,
                1,
                0);
    }

    /** Selects a share of the memories, in percent: those whose number modulo 100 is below it. */
    public static Filter share(int percent) {
        Filter.Field sample = new Filter.Field.Tag("sample");
        if (percent == SAMPLES) {
            return Filter.ALL;
        }
        return percent == 1
                ? new Filter.In(sample, List.of(IntNode.valueOf(0)))
                : new Filter.Range(sample, 0, true, percent, false);
    }
}
