package engram.environment;

import org.jspecify.annotations.Nullable;

/**
 * One world that one agent acts in, episode by episode, after Gymnasium's {@code Env}. {@link #reset(ResetOptions) reset}
 * begins an episode; {@link #step step} is called until it answers {@code terminated} or {@code truncated}, and then
 * {@code reset} again. Time limits are part of an environment: it says {@code truncated} by itself.
 *
 * <p>Not thread-safe: one thread at a time.
 */
public interface Environment extends AutoCloseable {
    /** What observations look like; always the same object. */
    ObservationSpace observations();

    /** What actions are allowed; always the same object. */
    ActionSpace actions();

    /**
     * Begins an episode, wherever the last one was.
     *
     * @throws engram.error.InvalidInput naming {@code seed} or {@code state} if the options are not possible here
     * @throws engram.error.Unavailable if the environment is somewhere else and cannot be reached now
     */
    Reset reset(ResetOptions options);

    /**
     * Begins an episode.
     *
     * @param seed where the generator begins, 0 or more: the same seed gives the same initial state. Without one the
     *     generator goes on from where it is
     */
    default Reset reset(@Nullable Long seed) {
        return reset(ResetOptions.of(seed));
    }

    /**
     * Takes one action.
     *
     * @throws engram.error.InvalidInput naming {@code action} if it is not in {@link #actions()}; nothing has happened
     * @throws engram.error.Conflict if no episode is under way: {@code reset} comes first
     * @throws engram.error.Unavailable if the environment is somewhere else and cannot be reached now
     */
    Step step(Action action);

    /** Lets go of what the environment holds. Closing twice does nothing more. */
    @Override
    default void close() {}
}
