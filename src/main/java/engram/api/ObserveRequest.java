package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.agent.Experience;
import engram.environment.ActionSpace;
import engram.error.InvalidInput;
import engram.training.AgentDefinition;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an agent lived through elsewhere. */
@Schema(
        name = "ObserveRequest",
        description = "What an agent lived through, in the order it happened",
        additionalProperties = Schema.False.class)
record ObserveRequest(
        @Schema(required = true, description = "The transitions") @Nullable
        List<@Nullable TransitionRequest> transitions) {
    /** One step. */
    @Schema(
            name = "Transition",
            description = "One step: what was seen, done, earned and seen then",
            additionalProperties = Schema.False.class)
    @SuppressWarnings("ArrayRecordComponent") // lives for one request, never compared
    record TransitionRequest(
            @Schema(required = true, description = "What was seen")
            float @Nullable [] observation,

            @Schema(
                    required = true,
                    implementation = Object.class,
                    description = "The index of a discrete action or the numbers of a continuous one")
            @Nullable
            JsonNode action,

            @Schema(required = true, description = "What it earned") @Nullable
            Double reward,

            @Schema(required = true, description = "What was seen then")
            float @Nullable [] nextObservation,

            @Schema(description = "Whether nothing can be earned any more; false by default") @Nullable
            Boolean terminated,

            @Schema(description = "Whether the episode was cut here though it could have gone on; false by default")
            @Nullable
            Boolean truncated,

            @Schema(description = "Which discrete actions are possible next; all by default")
            boolean @Nullable [] nextActionMask) {}

    List<Experience> experiences(AgentDefinition agent, int most) {
        Findings findings = new Findings();
        List<Experience> experiences = new ArrayList<>();
        List<@Nullable TransitionRequest> all = transitions;
        if (all == null || all.isEmpty() || all.size() > most) {
            findings.add("transitions", "must be 1 to " + most + " transitions");
            all = List.of();
        }
        for (int i = 0; i < all.size(); i++) {
            experience(all.get(i), "transitions[" + i + "]", agent, findings, experiences);
        }
        findings.throwIfAny();
        return experiences;
    }

    private static void experience(
            @Nullable TransitionRequest one,
            String where,
            AgentDefinition agent,
            Findings findings,
            List<Experience> experiences) {
        if (one == null) {
            findings.add(where, "must be a transition");
            return;
        }
        int width = agent.observations().width();
        float[] observation = observation(one.observation(), where + ".observation", width, findings);
        float[] next = observation(one.nextObservation(), where + ".nextObservation", width, findings);
        float[] action = action(one.action(), where, agent.actions(), findings);
        Double reward = one.reward();
        if (reward == null || !Float.isFinite(reward.floatValue())) {
            findings.add(where + ".reward", "must be a number that fits 32 bits");
        }
        boolean[] mask = one.nextActionMask();
        if (mask != null && !(agent.actions() instanceof ActionSpace.Discrete(int count) && mask.length == count)) {
            findings.add(where + ".nextActionMask", "must have a place for each discrete action");
        }
        if (observation != null && next != null && action != null && reward != null) {
            experiences.add(new Experience(
                    observation,
                    action,
                    reward,
                    next,
                    Boolean.TRUE.equals(one.terminated()),
                    Boolean.TRUE.equals(one.truncated()),
                    mask));
        }
    }

    private static float @Nullable [] observation(
            float @Nullable [] numbers, String where, int width, Findings findings) {
        if (numbers == null || numbers.length != width) {
            findings.add(where, "must be " + width + " numbers");
            return null;
        }
        ActRequest.requireFinite(where, numbers, findings);
        return numbers;
    }

    private static float @Nullable [] action(
            @Nullable JsonNode json, String where, ActionSpace space, Findings findings) {
        float[] flat = new float[space.width()];
        if (!(json != null && fill(flat, json, space))) {
            findings.add(
                    where + ".action",
                    space instanceof ActionSpace.Box
                            ? "must be an array of " + flat.length + " numbers"
                            : "must be the index of an action");
            return null;
        }
        try {
            space.check(flat, 0);
            return flat;
        } catch (InvalidInput e) {
            findings.add(e.under(where));
            return null;
        }
    }

    private static boolean fill(float[] flat, JsonNode json, ActionSpace space) {
        if (space instanceof ActionSpace.Discrete) {
            flat[0] = json.floatValue();
            return json.isIntegralNumber();
        }
        if (!json.isArray() || json.size() != flat.length) {
            return false;
        }
        for (int i = 0; i < flat.length; i++) {
            JsonNode number = json.get(i);
            if (!number.isNumber()) {
                return false;
            }
            flat[i] = number.floatValue();
        }
        return true;
    }
}
