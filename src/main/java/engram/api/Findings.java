package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gathers everything that is wrong with a request, so that a client learns it at once. */
final class Findings {
    private static final int MOST = 100;

    private final List<FieldError> errors = new ArrayList<>();

    /** Notes that a field is wrong. */
    void add(String field, String message) {
        if (errors.size() < MOST) {
            errors.add(new FieldError(field, message));
        }
    }

    /** Notes what another check found. */
    void add(InvalidInput invalid) {
        invalid.errors().forEach(error -> add(error.field(), error.message()));
    }

    /** Whether nothing is wrong so far. */
    boolean none() {
        return errors.isEmpty();
    }

    /** Fails if something is wrong. */
    void throwIfAny() {
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
    }

    /** Notes every number of a JSON tree that no double can hold, such as 1e999. */
    void requireFinite(JsonNode node, String path) {
        if (node.isNumber()) {
            if (!Double.isFinite(node.doubleValue())) {
                add(path, "is not a finite number");
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                JsonNode element = node.get(i);
                if (isWorthALook(element)) {
                    requireFinite(element, path + "[" + i + "]");
                }
            }
        } else if (node.isObject()) {
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                JsonNode value = member.getValue();
                if (isWorthALook(value)) {
                    requireFinite(value, path.isEmpty() ? member.getKey() : path + "." + member.getKey());
                }
            }
        }
    }

    /** Spares the path of what cannot be wrong: most of a state is plain numbers. */
    private static boolean isWorthALook(JsonNode node) {
        return node.isContainerNode() || (node.isNumber() && !Double.isFinite(node.doubleValue()));
    }
}
