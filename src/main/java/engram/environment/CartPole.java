package engram.environment;

import java.util.OptionalDouble;

/**
 * {@code CartPole-v1}: keep a pole upright on a cart by pushing the cart to the left (0) or right (1), after Barto, Sutton
 * and Anderson (1983) and Gymnasium's {@code classic_control/cartpole.py}. State and observation: the cart's position (m)
 * and velocity (m/s), the pole's angle (rad) and angular velocity (rad/s). Ends beyond ±2.4 m or ±12°; every step earns 1.
 */
final class CartPole extends ClassicControl {
    private static final double GRAVITY = 9.8;
    private static final double POLE_MASS = 0.1;
    private static final double TOTAL_MASS = POLE_MASS + 1.0;
    /** Half the pole's length. */
    private static final double LENGTH = 0.5;

    private static final double POLE_MASS_LENGTH = POLE_MASS * LENGTH;
    private static final double FORCE = 10.0;
    /** Seconds a step takes. */
    private static final double TAU = 0.02;

    private static final double ANGLE_LIMIT = 12 * 2 * Math.PI / 360;
    private static final double POSITION_LIMIT = 2.4;

    static final EnvironmentSpec SPEC = new EnvironmentSpec(
            "CartPole-v1",
            ObservationSpace.symmetric(
                    (float) (POSITION_LIMIT * 2),
                    Float.POSITIVE_INFINITY,
                    (float) (ANGLE_LIMIT * 2),
                    Float.POSITIVE_INFINITY),
            new ActionSpace.Discrete(2),
            500,
            OptionalDouble.of(475));

    CartPole() {
        super(SPEC, 4);
    }

    @Override
    void draw(Pcg64 random) {
        for (int i = 0; i < state.length; i++) {
            state[i] = random.uniform(-0.05, 0.05);
        }
    }

    @Override
    boolean move(float[] action, int offset) {
        double x = state[0];
        double velocity = state[1];
        double angle = state[2];
        double turning = state[3];
        double force = action[offset] == 1 ? FORCE : -FORCE;
        double cosine = Math.cos(angle);
        double sine = Math.sin(angle);
        double push = (force + POLE_MASS_LENGTH * (turning * turning) * sine) / TOTAL_MASS;
        double turningChange =
                (GRAVITY * sine - cosine * push) / (LENGTH * (4.0 / 3.0 - POLE_MASS * (cosine * cosine) / TOTAL_MASS));
        double velocityChange = push - POLE_MASS_LENGTH * turningChange * cosine / TOTAL_MASS;

        x += TAU * velocity;
        angle += TAU * turning;
        state[0] = x;
        state[1] = velocity + TAU * velocityChange;
        state[2] = angle;
        state[3] = turning + TAU * turningChange;
        return x < -POSITION_LIMIT || x > POSITION_LIMIT || angle < -ANGLE_LIMIT || angle > ANGLE_LIMIT;
    }

    @Override
    double earned() {
        return 1;
    }

    @Override
    void observe(float[] target, int offset) {
        for (int i = 0; i < 4; i++) {
            target[offset + i] = (float) state[i];
        }
    }
}
