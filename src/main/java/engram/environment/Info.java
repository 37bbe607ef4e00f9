package engram.environment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an environment says besides its observation.
 *
 * @param actionMask which actions of a discrete space are possible next, one flag each, at least one of them true;
 *     {@code null} if all are. Not copied, and not to be changed
 * @param values anything else by name: strings, numbers, booleans, and lists and maps of them, as JSON has them
 */
@SuppressWarnings("ArrayRecordComponent")
public record Info(boolean @Nullable [] actionMask, Map<String, Object> values) {
    /** The name under which a fault says why it cut an episode off. */
    public static final String FAULT = "fault";

    private static final Info NONE = new Info(null, Map.of());

    public Info {
        values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Nothing to say. */
    public static Info none() {
        return NONE;
    }

    /** Whether a fault cut the episode off here: what this info came with is not to be learned from. */
    public boolean faulty() {
        return values.containsKey(FAULT);
    }

    /** A fault and why. */
    static Info fault(String reason) {
        return of(Map.of(FAULT, reason));
    }

    /** Values only. */
    public static Info of(Map<String, Object> values) {
        return new Info(null, values);
    }

    /** A mask only, which is handed over. */
    public static Info masked(boolean[] actionMask) {
        return new Info(actionMask, Map.of());
    }
}
