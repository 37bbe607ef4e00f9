package engram.environment;

import java.util.OptionalDouble;

/**
 * {@code MountainCar-v0}: drive a weak car out of a valley by rocking; push left (0), not at all (1) or right (2). After
 * Moore (1990) and Gymnasium's {@code classic_control/mountain_car.py}. State and observation: position and velocity. Ends
 * at the position 0.5; every step costs 1.
 */
final class MountainCar extends ClassicControl {
    static final double LEFT_END = -1.2;
    static final double RIGHT_END = 0.6;
    static final double TOP_SPEED = 0.07;
    private static final double GOAL = 0.5;
    private static final double FORCE = 0.001;
    private static final double GRAVITY = 0.0025;

    static final EnvironmentSpec SPEC = new EnvironmentSpec(
            "MountainCar-v0",
            new ObservationSpace(
                    new float[] {(float) LEFT_END, (float) -TOP_SPEED},
                    new float[] {(float) RIGHT_END, (float) TOP_SPEED}),
            new ActionSpace.Discrete(3),
            200,
            OptionalDouble.of(-110));

    MountainCar() {
        super(SPEC, 2);
    }

    @Override
    void draw(Pcg64 random) {
        state[0] = random.uniform(-0.6, -0.4);
        state[1] = 0;
    }

    @Override
    boolean move(float[] action, int offset) {
        double position = state[0];
        double velocity = state[1];
        velocity += ((int) action[offset] - 1) * FORCE + Math.cos(3 * position) * -GRAVITY;
        velocity = Math.clamp(velocity, -TOP_SPEED, TOP_SPEED);
        position = Math.clamp(position + velocity, LEFT_END, RIGHT_END);
        if (position == LEFT_END && velocity < 0) {
            velocity = 0;
        }
        state[0] = position;
        state[1] = velocity;
        return position >= GOAL && velocity >= 0;
    }

    @Override
    double earned() {
        return -1;
    }

    @Override
    void observe(float[] target, int offset) {
        target[offset] = (float) state[0];
        target[offset + 1] = (float) state[1];
    }
}
