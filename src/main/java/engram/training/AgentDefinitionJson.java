package engram.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.agent.AgentSettings;
import engram.agent.AgentSettingsJson;
import engram.environment.ActionSpace;
import engram.environment.ObservationSpace;
import engram.error.Damaged;
import engram.error.InvalidInput;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The definition of an agent as the JSON that is kept of it. Spaces of observations and actions as clients write them. */
public final class AgentDefinitionJson {
    private static final int FORMAT = 1;

    private AgentDefinitionJson() {}

    static ObjectNode write(AgentDefinition definition) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("formatVersion", FORMAT)
                .put("id", definition.id())
                .put("algorithm", definition.settings().algorithm().jsonName())
                .put("space", definition.space().orElse(null))
                .put("environment", definition.environment().orElse(null))
                .put("seed", definition.seed())
                .put("created", definition.created().toString());
        json.set("observation", observation(definition.observations()));
        json.set("actions", actions(definition.actions()));
        json.set("settings", AgentSettingsJson.write(definition.settings()));
        return json;
    }

    static AgentDefinition read(JsonNode json) {
        if (json.path("formatVersion").asInt() != FORMAT) {
            throw new Damaged("an agent has the unknown format " + json.path("formatVersion"));
        }
        try {
            AgentSettings.Algorithm algorithm =
                    AgentSettings.Algorithm.parse(json.path("algorithm").asText());
            return new AgentDefinition(
                    json.path("id").asText(),
                    AgentSettingsJson.read(json.path("settings"), AgentSettings.defaults(algorithm)),
                    Optional.ofNullable(json.path("space").textValue()),
                    Optional.ofNullable(json.path("environment").textValue()),
                    observation(json.path("observation")),
                    actions(json.path("actions")),
                    json.path("seed").asLong(),
                    Instant.parse(json.path("created").asText()));
        } catch (InvalidInput | DateTimeException e) {
            throw new Damaged("the file of an agent cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@code {"low": […], "high": […]}}, null where there is no bound. */
    public static ObjectNode observation(ObservationSpace space) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("low", bounds(space.low()));
        json.set("high", bounds(space.high()));
        return json;
    }

    /** {@code {"count": n}} for discrete actions, {@code {"low": […], "high": […]}} for continuous ones. */
    public static ObjectNode actions(ActionSpace space) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (space) {
            case ActionSpace.Discrete(int count) -> json.put("count", count);
            case ActionSpace.Box box -> {
                json.set("low", bounds(box.low()));
                json.set("high", bounds(box.high()));
            }
        }
        return json;
    }

    /**
     * Reads what {@link #observation(ObservationSpace)} writes.
     *
     * @throws InvalidInput naming the field that is wrong
     */
    public static ObservationSpace observation(JsonNode json) {
        requireObject(json);
        requireOnly(json, "low", "high");
        return new ObservationSpace(
                bounds(json, "low", Float.NEGATIVE_INFINITY), bounds(json, "high", Float.POSITIVE_INFINITY));
    }

    /**
     * Reads what {@link #actions(ActionSpace)} writes.
     *
     * @throws InvalidInput naming the field that is wrong
     */
    public static ActionSpace actions(JsonNode json) {
        requireObject(json);
        if (json.has("count")) {
            requireOnly(json, "count");
            if (!json.path("count").canConvertToInt() || !json.path("count").isIntegralNumber()) {
                throw new InvalidInput("count", "must be a whole number");
            }
            return new ActionSpace.Discrete(json.path("count").intValue());
        }
        requireOnly(json, "low", "high");
        return new ActionSpace.Box(bounds(json, "low", Float.NaN), bounds(json, "high", Float.NaN));
    }

    private static void requireObject(JsonNode json) {
        if (!json.isObject()) {
            throw new InvalidInput("", "must be an object");
        }
    }

    private static void requireOnly(JsonNode json, String... known) {
        for (var property : json.properties()) {
            if (!List.of(known).contains(property.getKey())) {
                throw new InvalidInput(property.getKey(), "is unknown; known are " + String.join(", ", known));
            }
        }
    }

    private static float[] bounds(JsonNode json, String name, float unbounded) {
        JsonNode array = json.path(name);
        if (!array.isArray()) {
            throw new InvalidInput(name, "must be an array of numbers");
        }
        float[] bounds = new float[array.size()];
        for (int i = 0; i < bounds.length; i++) {
            JsonNode bound = array.path(i);
            if (bound.isNull() && !Float.isNaN(unbounded)) {
                bounds[i] = unbounded;
            } else if (bound.isNumber() && Float.isFinite(bound.floatValue())) {
                bounds[i] = bound.floatValue();
            } else {
                throw new InvalidInput(name + "[" + i + "]", "must be a number that fits 32 bits");
            }
        }
        return bounds;
    }

    private static ArrayNode bounds(float[] bounds) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (float bound : bounds) {
            if (Float.isInfinite(bound)) {
                array.addNull();
            } else {
                array.add(bound);
            }
        }
        return array;
    }
}
