package engram.training;

import engram.agent.LearningStep;
import java.nio.file.Path;

/** What happens in a training, for those who watch it. Told on the trainer's thread. */
public sealed interface TrainingEvent {
    /** After how many steps of the agent it happened. */
    long step();

    /**
     * An episode ended.
     *
     * @param number from 1
     * @param sum of its rewards
     * @param length in steps
     * @param seconds since the training began in this process
     * @param exploration the share of random actions now
     */
    record EpisodeEnded(long step, long number, double sum, int length, double seconds, double exploration)
            implements TrainingEvent {}

    /** The learner took a step. */
    record Learned(long step, long updates, LearningStep learning) implements TrainingEvent {}

    /**
     * The policy was evaluated.
     *
     * @param best whether it is the best so far
     */
    record Evaluated(long step, Evaluation evaluation, boolean best) implements TrainingEvent {}

    /** A checkpoint is on disk. */
    record Saved(long step, Path directory) implements TrainingEvent {}

    /** A checkpoint could not be written; the one before is still the newest, and the training goes on. */
    record NotSaved(long step, String why) implements TrainingEvent {}
}
