package engram.agent;

import engram.environment.ActionSpace;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Acts, takes in what followed, and learns when it is time. One platform thread uses it; the {@link #policy} may be used by
 * all. The same seed and the same calls give the same agent bit for bit on the CPU, also across {@link #parts saving} and
 * taking up again.
 */
public sealed interface Agent extends AutoCloseable permits OffPolicyAgent, EpisodicAgent {
    /** What may be done. */
    ActionSpace actions();

    /** What it has learned so far; the same object until it learns again. */
    Policy policy();

    /** How many steps it has taken in. */
    long steps();

    /** How many steps of gradient descent it has taken. */
    long updates();

    /** The share of random actions now; for policies that draw their actions above 0. */
    double exploration();

    /**
     * Chooses an action to learn from.
     *
     * @param mask which discrete actions are allowed; null for all
     */
    Decision explore(float[] observation, boolean @Nullable [] mask);

    /**
     * Takes in what followed an action, and learns if it is time.
     *
     * @param experience one step; its arrays are copied
     * @param learned told of every step of learning
     */
    void observe(Experience experience, Consumer<LearningStep> learned);

    /**
     * Lets the schedules (exploration, learning rate) run over so many steps from the first one on.
     *
     * @param steps 1 or more
     */
    void planFor(long steps);

    /** How observations are brought to its network; empty where it sees them as they are. */
    Optional<NormalizerReport> normalizer();

    /** Where its time goes; the trainer adds its own. */
    StageTimes times();

    /** Forgets what waits for the rest of an episode that broke off because its environment failed. */
    void breakOff();

    /** All that is needed to take it up again, in the order in which it is to be read. */
    List<StatePart> parts();

    /** Frees what it holds. Policies handed out stay usable. */
    @Override
    void close();
}
