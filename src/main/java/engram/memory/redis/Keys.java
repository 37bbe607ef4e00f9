package engram.memory.redis;

import engram.memory.Tier;
import java.util.Locale;

/**
 * The names of everything in Redis. What belongs to a space has the space as hash tag, so that it lies in one slot of a
 * cluster and one script can change it.
 */
final class Keys {
    /** The set of all spaces. */
    static final String SPACES = "engram:spaces";

    /** The set of spaces whose removal has begun. */
    static final String REMOVALS = "engram:removals";

    private final String prefix;

    Keys(String space) {
        this.prefix = "engram:{" + space + "}:";
    }

    /** What every key of the space begins with. */
    String prefix() {
        return prefix;
    }

    /** The hash of counters and versions; a space is there when this is. */
    String about() {
        return prefix + "about";
    }

    /** What {@link #about} becomes when the removal of the space begins. */
    String removed() {
        return prefix + "removed";
    }

    /** The hash of the settings and their revision. */
    String settings() {
        return prefix + "settings";
    }

    /** The hash of one memory. */
    String memory(String id) {
        return memories() + id;
    }

    /** What the keys of memories begin with. */
    String memories() {
        return prefix + "memory:";
    }

    /** The sorted set of all ids by time. */
    String order() {
        return prefix + "order";
    }

    /** The sorted set of an agent's ids by time. */
    String agent(String agent) {
        return prefix + "agent:" + agent;
    }

    /** The hash of how many memories there are by tier, kind and agent. */
    String counts() {
        return prefix + "counts";
    }

    /** The stream of changes. */
    String changes() {
        return prefix + "changes";
    }

    /** The hash of recalls by id. */
    String recalls() {
        return prefix + "recalls";
    }

    /** The hash of times of the last recall by id. */
    String recalled() {
        return prefix + "recalled";
    }

    /** The hash of number fields by place. */
    String numbers() {
        return prefix + "numbers";
    }

    /** The lock of whoever rebuilds an index. */
    String rebuilding(String index) {
        return prefix + "rebuilding:" + index;
    }

    /** The name that searches know the index of a tier and vector field by. */
    String index(Tier tier, int field) {
        return prefix + tier.name().toLowerCase(Locale.ROOT) + ":v" + field;
    }
}
