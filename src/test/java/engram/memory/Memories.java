package engram.memory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes memories for tests: everything has a plain default. */
public final class Memories {
    /** When memories happen unless a test says otherwise. */
    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String id;
    private String agent = "a1";
    private Kind kind = Kind.STATE;
    private @Nullable Long step;
    private Instant time = NOON;
    private @Nullable Instant created;
    private Tier tier = Tier.STM;
    private JsonObject payload = JsonObject.EMPTY;
    private boolean reduced;
    private JsonObject tags = JsonObject.EMPTY;
    private @Nullable Double reward;
    private boolean pinned;
    private @Nullable Double importance;
    private double surprise;
    private long recalls;
    private @Nullable Instant lastRecalled;
    private long count = 1;
    private List<String> derivedFrom = List.of();

    private Memories(String id) {
        this.id = id;
    }

    public static Memories memory(String id) {
        return new Memories(id);
    }

    /** An object from JSON in single quotes. */
    public static JsonObject json(String text) {
        try {
            return JsonObject.of((ObjectNode) MAPPER.readTree(text.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    public Memories agent(String value) {
        agent = value;
        return this;
    }

    public Memories kind(Kind value) {
        kind = value;
        return this;
    }

    public Memories step(long value) {
        step = value;
        return this;
    }

    /** When it happened and, unless told apart, was stored. */
    public Memories at(Instant value) {
        time = value;
        return this;
    }

    public Memories created(Instant value) {
        created = value;
        return this;
    }

    public Memories tier(Tier value) {
        tier = value;
        return this;
    }

    /** From JSON in single quotes. */
    public Memories payload(String value) {
        return payload(json(value));
    }

    public Memories payload(JsonObject value) {
        payload = value;
        return this;
    }

    public Memories reduced(boolean value) {
        reduced = value;
        return this;
    }

    public Memories tags(String value) {
        tags = json(value);
        return this;
    }

    public Memories reward(double value) {
        reward = value;
        return this;
    }

    public Memories pinned() {
        pinned = true;
        return this;
    }

    public Memories importance(double value) {
        importance = value;
        return this;
    }

    public Memories surprise(double value) {
        surprise = value;
        return this;
    }

    public Memories recalls(long value) {
        recalls = value;
        return this;
    }

    public Memories lastRecalled(Instant value) {
        lastRecalled = value;
        return this;
    }

    public Memories count(long value) {
        count = value;
        return this;
    }

    public Memories derivedFrom(String... ids) {
        derivedFrom = List.of(ids);
        return this;
    }

    public Memory build() {
        return new Memory(
                id,
                agent,
                kind,
                step,
                time,
                tier,
                payload,
                reduced,
                tags,
                reward,
                pinned,
                importance,
                surprise,
                recalls,
                lastRecalled,
                count,
                derivedFrom,
                created == null ? time : created,
                1,
                1);
    }
}
