package engram.service.agents;

import engram.agent.Decision;
import engram.agent.Policy;
import engram.agent.SeededRandom;
import engram.environment.ActionSpace;
import engram.error.Damaged;
import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets policies act on rows of observations. */
final class Acting {
    private Acting() {}

    /**
     * What the policy carries into each observation.
     *
     * @param carried for each what came of the one before, empty at the start of an episode; null for starts alone
     * @throws InvalidInput if the policy carries something else
     */
    static List<float[]> states(Policy policy, @Nullable List<float[]> carried, int count, SeededRandom random) {
        List<float[]> states = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            float[] start = policy.start(random);
            float[] known = carried == null ? start : carried.get(i);
            if (known.length > 0 && known.length != start.length) {
                throw new InvalidInput(
                        "carried[" + i + "]",
                        "has " + known.length + " numbers, but the agent carries " + start.length);
            }
            states.add(known.length == 0 ? start : known.clone());
        }
        return states;
    }

    /**
     * Chooses an action for each observation.
     *
     * @param states changed in place
     * @throws Damaged if the policy gives something that is no number
     */
    static List<Decision> decide(
            Policy policy,
            List<float[]> observations,
            @Nullable List<boolean[]> masks,
            List<float[]> states,
            double exploration,
            SeededRandom random) {
        List<Decision> decisions = new ArrayList<>(observations.size());
        for (int i = 0; i < observations.size(); i++) {
            Decision decision = policy.decide(
                    observations.get(i), masks == null ? null : masks.get(i), states.get(i), exploration, random);
            for (float number : decision.action()) {
                if (!Float.isFinite(number)) {
                    throw new Damaged("its policy gives actions that are no numbers");
                }
            }
            for (float value : decision.values()) {
                if (!Float.isFinite(value)) {
                    throw new Damaged("its policy gives values that are no numbers");
                }
            }
            decisions.add(decision);
        }
        return decisions;
    }

    /** Actions drawn uniformly from those that are allowed. */
    static List<Decision> drawn(ActionSpace actions, int count, @Nullable List<boolean[]> masks, SeededRandom random) {
        List<Decision> decisions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            float[] action = actions.flatten(actions.sample(random));
            boolean[] mask = masks == null ? null : masks.get(i);
            while (mask != null && !mask[(int) action[0]]) {
                action = actions.flatten(actions.sample(random));
            }
            decisions.add(new Decision(action, new float[0]));
        }
        return decisions;
    }
}
