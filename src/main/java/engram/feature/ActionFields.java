package engram.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;

/** An action written as fields of a state, so that one schema and one encoder serve both. */
final class ActionFields {
    static final String ACTION_TYPE = "current_action";

    private ActionFields() {}

    /** The state, none for a missing node, with the fields of the action in place of its own where both have them. */
    static ObjectNode merge(JsonNode action, JsonNode state) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        if (state.isObject()) {
            fields.setAll((ObjectNode) state);
        } else if (state.isArray()) {
            for (int i = 0; i < state.size(); i++) {
                fields.set(Extraction.element(i), state.get(i));
            }
        } else if (!state.isMissingNode()) {
            throw new InvalidInput("", "the state must be a JSON object or an array of numbers");
        }
        switch (action.getNodeType()) {
            case STRING -> fields.set(ACTION_TYPE, action);
            case NUMBER, BOOLEAN, ARRAY -> fields.set("action", action);
            case OBJECT -> {
                for (var property : action.properties()) {
                    add(fields, property.getKey(), property.getValue());
                }
            }
            default -> throw new InvalidInput("", "the action must be an object, a string, a number or an array");
        }
        return fields;
    }

    private static void add(ObjectNode fields, String part, JsonNode value) {
        switch (part) {
            case "action_type" -> {
                if (value.isTextual()) {
                    fields.set(ACTION_TYPE, value);
                } else if (!value.isNull()) {
                    throw new InvalidInput("action_type", "must be a string");
                }
            }
            case "action_params" -> addAll(fields, "param", value);
            case "context", "outcome" -> addAll(fields, part, value);
            default -> fields.set(part, value);
        }
    }

    private static void addAll(ObjectNode fields, String name, JsonNode value) {
        if (value.isObject()) {
            for (var property : value.properties()) {
                fields.set(name + "_" + property.getKey(), property.getValue());
            }
        } else {
            fields.set(name, value);
        }
    }
}
