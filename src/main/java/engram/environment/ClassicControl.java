package engram.environment;

import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.InvalidInput;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What the five built-in tasks have in common: a state of a few doubles, a generator, a time limit. A task fills in how a
 * state is drawn, how it moves and how it is seen. The flat methods ({@link #begin}, {@link #advance}, {@link #observe})
 * allocate nothing; {@link LocalVectorEnvironment} uses them.
 *
 * <p>As in Gymnasium, a generator that was never seeded begins at a random place.
 */
abstract class ClassicControl implements Environment, Savable {
    private static final byte FORMAT = 1;

    /** The state in the task's own units and order; a task changes it in {@link #move}. */
    final double[] state;

    private final EnvironmentSpec spec;
    private final Pcg64 random = new Pcg64(new SplittableRandom().nextLong() >>> 1);
    private int elapsed;
    private boolean underWay;
    private boolean terminated;
    private boolean truncated;
    private double reward;

    ClassicControl(EnvironmentSpec spec, int stateSize) {
        this.spec = spec;
        this.state = new double[stateSize];
    }

    /** Draws an initial state into {@link #state}. */
    abstract void draw(Pcg64 random);

    /** Called when {@link #state} was replaced by one that was passed in. */
    void placed() {}

    /**
     * Moves {@link #state} by one step.
     *
     * @param action the flat form of an action that is in the space
     * @return whether the task ended
     */
    abstract boolean move(float[] action, int offset);

    /** What the last {@link #move} earned. */
    abstract double earned();

    /** Writes what is seen of {@link #state}. */
    abstract void observe(float[] target, int offset);

    @Override
    public final ObservationSpace observations() {
        return spec.observations();
    }

    @Override
    public final ActionSpace actions() {
        return spec.actions();
    }

    final void begin(ResetOptions options) {
        double[] given = options.state();
        if (given != null && given.length != state.length) {
            throw new InvalidInput(
                    "state", "has " + given.length + " numbers, but " + spec.name() + " needs " + state.length);
        }
        Long seed = options.seed();
        if (seed != null) {
            random.seed(seed);
        }
        if (seed != null || given == null) {
            draw(random);
        }
        if (given != null) {
            System.arraycopy(given, 0, state, 0, state.length);
            placed();
        }
        elapsed = 0;
        underWay = true;
        terminated = false;
        truncated = false;
    }

    /** One step, with the flat form of an action. */
    final void advance(float[] action, int offset) {
        spec.actions().check(action, offset);
        if (!underWay) {
            throw new Conflict("action", "no episode is under way; reset first");
        }
        terminated = move(action, offset);
        reward = earned();
        truncated = ++elapsed >= spec.timeLimit();
        underWay = !(terminated || truncated);
    }

    final double reward() {
        return reward;
    }

    final boolean terminated() {
        return terminated;
    }

    final boolean truncated() {
        return truncated;
    }

    @Override
    public final Reset reset(ResetOptions options) {
        begin(options);
        return new Reset(observation(), Info.none());
    }

    @Override
    public final Step step(Action action) {
        advance(spec.actions().flatten(action), 0);
        return new Step(observation(), reward, terminated, truncated, Info.none());
    }

    private float[] observation() {
        float[] observation = new float[spec.observations().width()];
        observe(observation, 0);
        return observation;
    }

    /** A flag of the task's own that belongs to its state. */
    boolean mark() {
        return false;
    }

    void mark(boolean mark) {}

    @Override
    public final void save(DataOutput output) throws IOException {
        output.writeByte(FORMAT);
        output.writeUTF(spec.name());
        random.save(output);
        for (double value : state) {
            output.writeDouble(value);
        }
        output.writeInt(elapsed);
        output.writeBoolean(underWay);
        output.writeBoolean(mark());
    }

    @Override
    public final void restore(DataInput input) throws IOException {
        if (input.readByte() != FORMAT || !input.readUTF().equals(spec.name())) {
            throw new Damaged("the saved state is not one of " + spec.name() + " in format " + FORMAT);
        }
        random.restore(input);
        for (int i = 0; i < state.length; i++) {
            state[i] = input.readDouble();
        }
        elapsed = input.readInt();
        underWay = input.readBoolean();
        mark(input.readBoolean());
        if (elapsed < 0 || elapsed > spec.timeLimit() || !Arrays.stream(state).allMatch(Double::isFinite)) {
            throw new Damaged("the saved state is not one that " + spec.name() + " can be in");
        }
        terminated = false;
        truncated = false;
    }
}
