package engram.service.agents;

import org.jspecify.annotations.Nullable;

/**
 * What a client asks a training for.
 *
 * @param environment the name of the environment; null for the one the agent was made for
 * @param steps how many steps more; null with {@code resume}
 * @param seed of episodes and evaluations
 * @param evaluateEvery after how many steps it is evaluated; null for ten times, 0 for never
 * @param episodes how many episodes an evaluation has
 * @param saveEvery after how many steps a checkpoint is written; null for ten times, 0 for at the end alone
 * @param stopAt the mean return of an evaluation at which training ends early; null for none
 * @param patience after how many evaluations without a better one training ends early; 0 for never
 * @param resume whether the training that was interrupted last is taken up; the rest is as it was then
 */
public record TrainingOrder(
        @Nullable String environment,
        @Nullable Long steps,
        long seed,
        @Nullable Long evaluateEvery,
        int episodes,
        @Nullable Long saveEvery,
        @Nullable Double stopAt,
        int patience,
        boolean resume) {}
