package engram.api;

import engram.environment.ActionSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an agent sees when it is asked to act. */
@Schema(
        name = "ActRequest",
        description = "One observation, or several at once",
        additionalProperties = Schema.False.class)
@SuppressWarnings("ArrayRecordComponent") // lives for one request, never compared
record ActRequest(
        @Schema(description = "What it sees", examples = "[0.01,0.2,-0.03,0.1]")
        float @Nullable [] observation,

        @Schema(description = "What it sees in several places")
        float @Nullable [] @Nullable [] observations,

        @Schema(description = "Which discrete actions are allowed; all by default")
        boolean @Nullable [] actionMask,

        @Schema(description = "The same for several observations")
        boolean @Nullable [] @Nullable [] actionMasks,

        @Schema(
                description =
                        "For agents that remember through an episode: for each observation what the answer to the one"
                                + " before it said as carried, an empty array at the start of an episode. Without it every"
                                + " observation stands for itself",
                examples = "[[]]")
        float @Nullable [] @Nullable [] carried,

        @Schema(description = "Whether the best action known is taken, or one to learn from; true by default") @Nullable
        Boolean deterministic,

        @Schema(description = "Whether to say what each discrete action is thought to be worth; false by default")
        @Nullable
        Boolean values,

        @Schema(
                description = "How many of the nearest remembered moments to show; only with one observation and an"
                        + " agent that has a space; 0 by default",
                minimum = "0",
                maximum = "100")
        @Nullable
        Integer evidence) {
    private static final int MOST_EVIDENCE = 100;

    boolean single() {
        return observation != null;
    }

    boolean exploring() {
        return Boolean.FALSE.equals(deterministic);
    }

    int moments() {
        return evidence == null ? 0 : evidence;
    }

    List<float[]> rows(int most, Findings findings) {
        List<float[]> rows = new ArrayList<>();
        if ((observation == null) == (observations == null)) {
            findings.add("observation", "exactly one of observation and observations is needed");
        } else if (observation != null) {
            rows.add(observation);
            requireFinite("observation", observation, findings);
        } else {
            if (observations.length == 0 || observations.length > most) {
                findings.add("observations", "has " + observations.length + " rows, but must have 1 to " + most);
            }
            for (int i = 0; i < Math.min(observations.length, most); i++) {
                float[] row = observations[i];
                if (row == null) {
                    findings.add("observations[" + i + "]", "must be an array of numbers");
                } else {
                    rows.add(row);
                    requireFinite("observations[" + i + "]", row, findings);
                }
            }
        }
        if (moments() < 0 || moments() > MOST_EVIDENCE) {
            findings.add("evidence", "must be 0 to " + MOST_EVIDENCE);
        } else if (moments() > 0 && observation == null) {
            findings.add("evidence", "needs a single observation");
        }
        return rows;
    }

    @Nullable
    List<boolean[]> masks(ActionSpace actions, int rows, Findings findings) {
        if (actionMask == null && actionMasks == null) {
            return null;
        }
        String field = actionMask != null ? "actionMask" : "actionMasks";
        if (!(actions instanceof ActionSpace.Discrete(int count))) {
            findings.add(field, "only discrete actions have a mask");
            return null;
        }
        boolean[][] masks = actionMask != null ? new boolean[][] {actionMask} : actionMasks;
        if (masks == null || masks.length != rows) {
            findings.add(field, "must have as many masks as there are observations");
            return null;
        }
        for (int i = 0; i < masks.length; i++) {
            String where = actionMask != null ? field : field + "[" + i + "]";
            boolean[] mask = masks[i];
            if (mask == null || mask.length != count) {
                findings.add(where, "must have a place for each of the " + count + " actions");
            } else if (!anyOf(mask)) {
                findings.add(where, "allows no action");
            }
        }
        return Arrays.asList(masks);
    }

    @Nullable
    List<float[]> states(int rows, Findings findings) {
        if (carried == null) {
            return null;
        }
        if (carried.length != rows) {
            findings.add("carried", "must have as many arrays as there are observations");
            return null;
        }
        List<float[]> states = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            float[] state = carried[i];
            if (state == null) {
                findings.add("carried[" + i + "]", "must be an array of numbers");
            } else {
                requireFinite("carried[" + i + "]", state, findings);
                states.add(state);
            }
        }
        return states;
    }

    private static boolean anyOf(boolean[] mask) {
        for (boolean each : mask) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    static void requireFinite(String field, float[] numbers, Findings findings) {
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                findings.add(field + "[" + i + "]", "is not a number that fits 32 bits");
            }
        }
    }
}
