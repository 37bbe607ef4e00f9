package engram.environment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several instances of one environment that are stepped together, after Gymnasium's {@code VectorEnv}. An instance whose
 * episode has finished begins the next one by itself, when {@link #autoReset} says.
 *
 * <p>Not thread-safe: one thread at a time.
 */
public interface VectorEnvironment extends AutoCloseable {
    /**
     * Instances that run in this process, one after the other. Instances of the built-in environments are stepped without
     * allocating anything.
     *
     * @param members at least one, all with equal spaces; closed with the vector
     * @throws engram.error.InvalidInput naming {@code members} if there are none or their spaces differ
     */
    static VectorEnvironment of(List<? extends Environment> members, AutoReset autoReset) {
        return new LocalVectorEnvironment(members, autoReset);
    }

    /** How many instances there are. */
    int size();

    /** What observations of one instance look like. */
    ObservationSpace observations();

    /** Which actions one instance allows. */
    ActionSpace actions();

    /** When the next episode begins. */
    AutoReset autoReset();

    /**
     * Begins an episode in every instance.
     *
     * @param seed seeds instance i with {@code seed + i}, as Gymnasium does; without one the generators go on
     * @return the first observations; rewards are 0 and flags are down, except {@link VectorStep#began}. Overwritten by the
     *     next call
     */
    VectorStep reset(@Nullable Long seed);

    /**
     * Takes one action in every instance.
     *
     * @param actions one after the other in their flat form, {@code size × actions().width()} numbers. Those of instances
     *     that begin a new episode in this step are ignored, whatever they are
     * @return what followed; always the same object, overwritten by the next call
     * @throws engram.error.InvalidInput naming {@code actions} if there are too many or too few or one of them,
     *     {@code actions[i]}, is not in the space; nothing has happened then
     * @throws engram.error.Conflict before the first {@link #reset}
     * @throws engram.error.Unavailable if no instance can go on. While some are away the others do: the row of one that
     *     cannot begin an episode is marked {@link VectorStep#began}, its info says why ({@link Info#faulty}), its
     *     observation is an old one, and it is tried again in the next step
     */
    VectorStep step(float[] actions);

    /** Closes every instance. */
    @Override
    void close();
}
