package engram.environment;

import org.jspecify.annotations.Nullable;

/** Checks of what an environment answers that is not trusted. */
final class Results {
    private Results() {}

    static void check(@Nullable Reset reset, ObservationSpace observations, ActionSpace actions) throws Fault {
        if (reset == null) {
            throw invalid("reset answered nothing");
        }
        observation("reset", reset.observation(), observations);
        mask("reset", reset.info(), actions);
    }

    static void check(@Nullable Step step, ObservationSpace observations, ActionSpace actions) throws Fault {
        if (step == null) {
            throw invalid("step answered nothing");
        }
        observation("step", step.observation(), observations);
        if (!Double.isFinite(step.reward())) {
            throw invalid("step answered the reward " + step.reward());
        }
        mask("step", step.info(), actions);
    }

    private static void observation(String call, float[] observation, ObservationSpace space) throws Fault {
        if (observation.length != space.width()) {
            throw invalid(call + " answered an observation of " + observation.length + " numbers instead of "
                    + space.width());
        }
        for (int i = 0; i < observation.length; i++) {
            if (!Float.isFinite(observation[i])) {
                throw invalid(call + " answered an observation whose number " + i + " is " + observation[i]);
            }
        }
    }

    private static void mask(String call, Info info, ActionSpace actions) throws Fault {
        boolean[] mask = info.actionMask();
        if (mask == null) {
            return;
        }
        boolean some = false;
        for (boolean possible : mask) {
            some |= possible;
        }
        int count = actions instanceof ActionSpace.Discrete(int of) ? of : 0;
        if (!some || mask.length != count) {
            throw invalid(call + " answered an action mask of " + mask.length + " flags"
                    + (some ? "" : ", none of them set,") + " for " + actions);
        }
    }

    private static Fault invalid(String message) {
        return new Fault(Fault.Kind.INVALID, message);
    }
}
