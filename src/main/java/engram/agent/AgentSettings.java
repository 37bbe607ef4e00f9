package engram.agent;

import engram.error.InvalidInput;
import engram.replay.SharedReplaySettings;
import java.util.Locale;

/**
 * All that makes an agent besides its observations and actions.
 *
 * @param learner what improves the policy
 * @param plan when and from what it learns; for REINFORCE only its horizon means something
 * @param replay its own table; without meaning for REINFORCE
 * @param memory how it lives from its space, if it has one; REINFORCE only remembers there
 * @param normalizer what its network sees instead of observations
 */
public record AgentSettings(
        LearnerSettings learner,
        LearningPlan plan,
        ReplaySettings replay,
        MemorySettings memory,
        NormalizerUse normalizer) {
    /** Of an agent whose network sees observations as they are. */
    public AgentSettings(LearnerSettings learner, LearningPlan plan, ReplaySettings replay, MemorySettings memory) {
        this(learner, plan, replay, memory, NormalizerUse.NONE);
    }

    /** What replay over its space needs to know, for an agent of this name: experiences are folded as its own are. */
    public SharedReplaySettings replayOverSpace(String agent) {
        return memory.forAgent(agent)
                .withFolding(new SharedReplaySettings.Folding(plan.foldedSteps(), learner.discount()));
    }

    /** The algorithm, by the learner's settings. */
    public Algorithm algorithm() {
        return switch (learner) {
            case DqnSettings _ -> Algorithm.DQN;
            case SacSettings _ -> Algorithm.SAC;
            case ReinforceSettings _ -> Algorithm.REINFORCE;
        };
    }

    /** What an agent learns by if nothing is said. */
    public static AgentSettings defaults(Algorithm algorithm) {
        return switch (algorithm) {
            case DQN ->
                new AgentSettings(
                        DqnSettings.defaults(),
                        new LearningPlan(
                                new Rhythm(1_000, 4, 1, 64, 500, Rhythm.Count.STEPS),
                                Schedule.linear(1, 0.05, 0.1),
                                Schedule.linear(0.4, 1, 1),
                                1,
                                64,
                                LearningPlan.USUAL_REHEARSAL,
                                50_000),
                        new ReplaySettings(100_000, 0),
                        MemorySettings.defaults());
            case SAC ->
                new AgentSettings(
                        SacSettings.defaults(),
                        new LearningPlan(
                                new Rhythm(100, 1, 1, 256, 1, Rhythm.Count.UPDATES),
                                Schedule.constant(1),
                                Schedule.linear(0.4, 1, 1),
                                1,
                                256,
                                LearningPlan.USUAL_REHEARSAL,
                                50_000),
                        new ReplaySettings(1_000_000, 0),
                        MemorySettings.defaults());
            case REINFORCE ->
                new AgentSettings(
                        ReinforceSettings.defaults(),
                        LearningPlan.unused(),
                        ReplaySettings.UNUSED,
                        MemorySettings.defaults());
        };
    }

    /** What improves a policy. */
    public enum Algorithm {
        /** Deep Q-networks, for discrete actions. */
        DQN,
        /** Soft actor-critic, for continuous actions. */
        SAC,
        /** REINFORCE, for actions of both kinds; with memory where it is recurrent. */
        REINFORCE;

        /** The name in JSON. */
        public String jsonName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The algorithm of a name.
         *
         * @throws InvalidInput naming {@code algorithm} if there is none
         */
        public static Algorithm parse(String name) {
            for (Algorithm algorithm : values()) {
                if (algorithm.jsonName().equals(name)) {
                    return algorithm;
                }
            }
            throw new InvalidInput("algorithm", "is '" + name + "', but must be dqn, sac or reinforce");
        }
    }

    /**
     * The table of an agent's own transitions.
     *
     * @param capacity how many it holds, 1 to 2³⁰; the oldest make room
     * @param priority α: how far rows of large errors are preferred, in [0,1]; 0 draws all alike
     */
    public record ReplaySettings(int capacity, double priority) {
        static final ReplaySettings UNUSED = new ReplaySettings(1, 0);

        public ReplaySettings {
            if (capacity < 1 || capacity > 1 << 30) {
                throw new InvalidInput("capacity", "is " + capacity + ", but must be 1 to " + (1 << 30));
            }
            Checks.share("priority", priority);
        }
    }
}
