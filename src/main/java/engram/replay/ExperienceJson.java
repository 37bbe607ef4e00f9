package engram.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.memory.JsonObject;
import engram.memory.Memory;
import java.util.Optional;

/**
 * An experience as the payload of a memory: the member {@code experience} with {@code observation}, {@code action},
 * {@code reward}, {@code nextObservation}, {@code terminated} and {@code truncated}, and, where they differ from 1 and all,
 * {@code steps} and {@code nextActionMask}. Observations are arrays of numbers, an action is one number or an array. Every
 * store and every export keeps a payload as it is, so this is the only layout there is.
 */
public final class ExperienceJson {
    /** The member of a payload. */
    public static final String MEMBER = "experience";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ExperienceJson() {}

    /** The payload of a memory of a transition. */
    public static JsonObject payload(Transition transition) {
        ObjectNode payload = JSON.objectNode();
        payload.set(MEMBER, write(transition));
        return JsonObject.of(payload);
    }

    /**
     * The transition in a memory.
     *
     * @return empty where the payload has been reduced, or holds none
     * @throws InvalidInput naming the field that is not as it should be
     */
    public static Optional<Transition> read(Memory memory) {
        return memory.reduced()
                ? Optional.empty()
                : Optional.ofNullable(memory.payload().tree().get(MEMBER)).map(ExperienceJson::read);
    }

    /**
     * A transition of the member {@code experience}.
     *
     * @throws InvalidInput naming the field that is not as it should be
     */
    public static Transition read(JsonNode experience) {
        return new Transition(
                numbers(experience.path("observation"), "observation"),
                action(experience.path("action")),
                number(experience.path("reward"), "reward"),
                numbers(experience.path("nextObservation"), "nextObservation"),
                truth(experience.path("terminated"), "terminated"),
                truth(experience.path("truncated"), "truncated"),
                steps(experience.path("steps")),
                experience.hasNonNull("nextActionMask") ? mask(experience.path("nextActionMask")) : null);
    }

    private static ObjectNode write(Transition transition) {
        ObjectNode experience = JSON.objectNode();
        experience.set("observation", array(transition.observation()));
        float[] action = transition.action();
        experience.set("action", action.length == 1 ? number(action[0]) : array(action));
        experience.set("reward", number(transition.reward()));
        experience.set("nextObservation", array(transition.nextObservation()));
        experience.put("terminated", transition.terminated());
        experience.put("truncated", transition.truncated());
        if (transition.steps() != 1) {
            experience.put("steps", transition.steps());
        }
        boolean[] possible = transition.nextActionMask();
        if (possible != null && possible.length > 0) {
            ArrayNode mask = experience.putArray("nextActionMask");
            for (boolean one : possible) {
                mask.add(one);
            }
        }
        return experience;
    }

    private static ArrayNode array(float[] numbers) {
        ArrayNode array = JSON.arrayNode(numbers.length);
        for (float number : numbers) {
            array.add(number(number));
        }
        return array;
    }

    /** Whole numbers without a fraction, so that the index of an action reads as one. */
    private static JsonNode number(float value) {
        boolean whole = value == (int) value && Math.abs(value) < 1 << 24 && Float.floatToRawIntBits(value) != 1 << 31;
        return whole ? JSON.numberNode((int) value) : JSON.numberNode(value);
    }

    private static float[] action(JsonNode node) {
        return node.isNumber() ? new float[] {number(node, "action")} : numbers(node, "action");
    }

    private static float[] numbers(JsonNode node, String field) {
        if (!node.isArray() || node.isEmpty()) {
            throw new InvalidInput(field, "must be an array of numbers");
        }
        float[] numbers = new float[node.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(node.get(i), field + "[" + i + "]");
        }
        return numbers;
    }

    private static float number(JsonNode node, String field) {
        float number = node.isNumber() ? node.floatValue() : Float.NaN;
        if (!Float.isFinite(number)) {
            throw new InvalidInput(field, "must be a number that 32 bits can hold");
        }
        return number;
    }

    private static boolean truth(JsonNode node, String field) {
        if (node.isMissingNode() || node.isNull()) {
            return false;
        }
        if (!node.isBoolean()) {
            throw new InvalidInput(field, "must be true or false");
        }
        return node.booleanValue();
    }

    private static int steps(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return 1;
        }
        int steps = node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : 0;
        if (steps < 1 || steps >= RowLayout.MOST_STEPS) {
            throw new InvalidInput("steps", "must be a whole number of at least 1 and below " + RowLayout.MOST_STEPS);
        }
        return steps;
    }

    private static boolean[] mask(JsonNode node) {
        boolean[] mask = new boolean[node.size()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = truth(node.path(i), "nextActionMask[" + i + "]");
        }
        if (!node.isArray()) {
            throw new InvalidInput("nextActionMask", "must be an array of true and false");
        }
        return mask;
    }
}
