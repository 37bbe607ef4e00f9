package engram.agent;

/** How a learner improves its policy. */
public sealed interface LearnerSettings permits DqnSettings, SacSettings, ReinforceSettings {
    /** Between observations and what the learner estimates. */
    NetworkSettings network();

    /** γ, in [0,1]. */
    double discount();
}
