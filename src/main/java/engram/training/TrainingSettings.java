package engram.training;

import engram.error.InvalidInput;
import org.jspecify.annotations.Nullable;

/**
 * How long and how an agent is trained.
 *
 * @param steps how many steps it has taken in when the training ends, 1 or more
 * @param seed of the environment's episodes and of evaluation; 0 to 2³² − 1
 * @param evaluateEvery after how many steps it is evaluated; 0 for never
 * @param episodes how many episodes an evaluation has, 1 or more
 * @param saveEvery after how many steps a checkpoint is written; 0 for at the end alone
 * @param stopAt training ends early when an evaluation's mean return reaches it; null for never
 * @param patience training ends early after so many evaluations without a better one; 0 for never
 */
public record TrainingSettings(
        long steps,
        long seed,
        long evaluateEvery,
        int episodes,
        long saveEvery,
        @Nullable Double stopAt,
        int patience) {
    public TrainingSettings {
        require(steps >= 1, "steps", steps, "1 or more");
        require(seed >= 0 && seed < 1L << 32, "seed", seed, "0 to 4294967295");
        require(evaluateEvery >= 0, "evaluateEvery", evaluateEvery, "0 or more");
        require(episodes >= 1, "episodes", episodes, "1 or more");
        require(saveEvery >= 0, "saveEvery", saveEvery, "0 or more");
        require(patience >= 0, "patience", patience, "0 or more");
        if (stopAt != null && !Double.isFinite(stopAt)) {
            throw new InvalidInput("stopAt", "is " + stopAt + ", but must be a finite number");
        }
    }

    /** So many steps, evaluated ten times by ten episodes, saved as often, never ended early. */
    public static TrainingSettings of(long steps, long seed) {
        long tenth = Math.max(1, steps / 10);
        return new TrainingSettings(steps, seed, tenth, 10, tenth, null, 0);
    }

    private static void require(boolean holds, String field, long value, String wanted) {
        if (!holds) {
            throw new InvalidInput(field, "is " + value + ", but must be " + wanted);
        }
    }
}
