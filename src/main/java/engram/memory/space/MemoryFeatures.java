package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.feature.FeatureExtractor;
import engram.feature.Features;
import engram.feature.Outline;
import engram.memory.Kind;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What of a payload is embedded, by the kind of the memory, and what of it outlives the payload. Thread-safe.
 */
final class MemoryFeatures {
    private static final String STATE = "state";
    private static final String ACTION = "action";
    private static final String OUTLINE = "outline";
    private static final List<String> ACTION_SURROUNDINGS = List.of("context", "outcome");

    private final FeatureExtractor extractor;

    MemoryFeatures(FeatureExtractor extractor) {
        this.extractor = extractor;
    }

    /** The features of a state alone. */
    Features ofState(JsonNode state) {
        return under(STATE, () -> extractor.extract(state));
    }

    /** The features of an action alone. */
    Features ofAction(JsonNode action) {
        return under(ACTION, () -> extractor.extractAction(action, null));
    }

    /**
     * The features of a memory.
     *
     * @throws InvalidInput naming the field within the memory
     */
    Features of(Kind kind, ObjectNode payload) {
        return switch (kind) {
            case STATE -> ofState(required(payload, STATE, kind));
            case ACTION -> {
                JsonNode action = withSurroundings(required(payload, ACTION, kind), payload);
                JsonNode state = payload.get(STATE);
                yield under(ACTION, () -> extractor.extractAction(action, state));
            }
            case INTERACTION -> ofInteraction(payload);
            case EXPERIENCE -> ofState(observation(payload));
            case TEXT -> throw new IllegalArgumentException("a text has no features");
        };
    }

    /** The text of a memory of kind {@link Kind#TEXT}. */
    String text(ObjectNode payload) {
        JsonNode text = required(payload, "text", Kind.TEXT);
        if (!text.isTextual() || text.textValue().isBlank()) {
            throw new InvalidInput("text", "must be a text that is not blank");
        }
        return text.textValue();
    }

    /** The state that a payload speaks of, null if it speaks of none. */
    static @Nullable JsonNode state(ObjectNode payload) {
        JsonNode state = payload.get(STATE);
        if (state != null) {
            return state;
        }
        JsonNode observation = payload.path("experience").get("observation");
        return observation != null ? observation : payload.get("interaction");
    }

    /**
     * What long-term memory keeps of a payload: the declared features of the state, the names of its other fields so
     * that they can be rebuilt by name, and a text, which no vector can bring back.
     */
    ObjectNode reduced(Kind kind, ObjectNode payload) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        if (kind == Kind.TEXT) {
            kept.set("text", payload.path("text"));
            return kept;
        }
        if (payload.has(OUTLINE)) {
            return payload;
        }
        JsonNode state = state(payload);
        if (state != null) {
            kept.set(STATE, extractor.declared(state));
        }
        kept.set(OUTLINE, extractor.outline(of(kind, payload)).toJson());
        return kept;
    }

    /** The features of a reduced memory: what its vector says, corrected by what was kept exactly. */
    float[] ofReduced(float[] rebuilt, ObjectNode payload) {
        JsonNode kept = payload.path(STATE);
        if (!kept.isObject() || kept.isEmpty()) {
            return rebuilt;
        }
        Features exact = extractor.extract(kept);
        float[] features = rebuilt.clone();
        for (int slot = 0; slot < features.length; slot++) {
            if (exact.present()[slot]) {
                features[slot] = exact.values()[slot];
            }
        }
        return features;
    }

    /** The approximate state that features of a reduced memory stand for. */
    JsonNode rebuiltState(float[] features, ObjectNode payload) {
        JsonNode outline = payload.get(OUTLINE);
        JsonNode state = outline == null
                ? extractor.reconstruct(features)
                : extractor.reconstruct(features, Outline.parse(outline));
        if (state instanceof ObjectNode object && payload.get(STATE) instanceof ObjectNode kept) {
            object.setAll(kept.deepCopy());
        }
        return state;
    }

    private Features ofInteraction(ObjectNode payload) {
        JsonNode state = payload.get(STATE);
        JsonNode interaction = payload.get("interaction");
        if (interaction == null) {
            return ofState(required(payload, "interaction", Kind.INTERACTION));
        }
        if (!(state instanceof ObjectNode object)) {
            return under("interaction", () -> extractor.extract(interaction));
        }
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.setAll(object);
        both.set("interaction", interaction);
        return ofState(both);
    }

    private static JsonNode observation(ObjectNode payload) {
        JsonNode observation = payload.path("experience").get("observation");
        return observation != null ? observation : required(payload, STATE, Kind.EXPERIENCE);
    }

    private static JsonNode withSurroundings(JsonNode action, ObjectNode payload) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        for (String name : ACTION_SURROUNDINGS) {
            JsonNode part = payload.get(name);
            if (part != null && !action.has(name)) {
                whole.set(name, part);
            }
        }
        if (whole.isEmpty()) {
            return action;
        }
        if (action instanceof ObjectNode object) {
            whole.setAll(object);
        } else {
            whole.set("action_type", action);
        }
        return whole;
    }

    private static JsonNode required(ObjectNode payload, String member, Kind kind) {
        JsonNode value = payload.get(member);
        if (value == null || value.isNull()) {
            throw new InvalidInput(member, "is what a memory of kind " + kind.jsonName() + " is embedded by");
        }
        return value;
    }

    private static Features under(String field, Supplier<Features> extraction) {
        try {
            return extraction.get();
        } catch (InvalidInput e) {
            throw e.under(field);
        }
    }
}
