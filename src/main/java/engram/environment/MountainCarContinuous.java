package engram.environment;

import java.util.OptionalDouble;

/**
 * {@code MountainCarContinuous-v0}: {@link MountainCar} with a force from −1 to 1, after Gymnasium's
 * {@code classic_control/continuous_mountain_car.py}. State and observation: position and velocity. Ends at the position
 * 0.45, which earns 100; every step costs a tenth of the squared force.
 *
 * <p>Gymnasium keeps the initial state in double precision and every later one in single; with NumPy 2 a number of Python
 * then joins in single precision, too. What is computed in which precision is followed here operation by operation.
 */
final class MountainCarContinuous extends ClassicControl {
    private static final double GOAL = 0.45;
    private static final double POWER = 0.0015;
    private static final double GRAVITY = 0.0025;

    static final EnvironmentSpec SPEC = new EnvironmentSpec(
            "MountainCarContinuous-v0",
            MountainCar.SPEC.observations(),
            new ActionSpace.Box(new float[] {-1}, new float[] {1}),
            999,
            OptionalDouble.of(90));

    private boolean initial;
    private double reward;

    MountainCarContinuous() {
        super(SPEC, 2);
    }

    @Override
    void draw(Pcg64 random) {
        state[0] = random.uniform(-0.6, -0.4);
        state[1] = 0;
        initial = true;
    }

    @Override
    void placed() {
        initial = true;
    }

    @Override
    boolean move(float[] action, int offset) {
        float force = action[offset];
        boolean reached = initial ? moveDouble(force) : moveFloat(force);
        initial = false;
        reward = (reached ? 100.0 : 0.0) - (double) force * force * 0.1;
        return reached;
    }

    private boolean moveDouble(float force) {
        double velocity = state[1] + (force * (float) POWER - (float) (GRAVITY * Math.cos(3 * state[0])));
        velocity = Math.clamp(velocity, -MountainCar.TOP_SPEED, MountainCar.TOP_SPEED);
        double position = Math.clamp(state[0] + velocity, MountainCar.LEFT_END, MountainCar.RIGHT_END);
        if (position == MountainCar.LEFT_END && velocity < 0) {
            velocity = 0;
        }
        state[0] = (float) position;
        state[1] = (float) velocity;
        return position >= GOAL && velocity >= 0;
    }

    private boolean moveFloat(float force) {
        float position = (float) state[0];
        float velocity = (float) state[1];
        velocity += force * (float) POWER - (float) (GRAVITY * Math.cos(3 * position));
        velocity = Math.clamp(velocity, (float) -MountainCar.TOP_SPEED, (float) MountainCar.TOP_SPEED);
        position = Math.clamp(position + velocity, (float) MountainCar.LEFT_END, (float) MountainCar.RIGHT_END);
        if (position == (float) MountainCar.LEFT_END && velocity < 0) {
            velocity = 0;
        }
        state[0] = position;
        state[1] = velocity;
        return position >= (float) GOAL && velocity >= 0;
    }

    @Override
    double earned() {
        return reward;
    }

    @Override
    void observe(float[] target, int offset) {
        target[offset] = (float) state[0];
        target[offset + 1] = (float) state[1];
    }

    @Override
    boolean mark() {
        return initial;
    }

    @Override
    void mark(boolean mark) {
        initial = mark;
    }
}
