package engram.environment;

import java.util.OptionalDouble;

/**
 * {@code Pendulum-v1}: swing a pendulum up and hold it there with a torque from −2 to 2 N·m, after Gymnasium's
 * {@code classic_control/pendulum.py}. State: the angle (rad, 0 is up) and the angular velocity (rad/s). Observation:
 * cosine and sine of the angle, and the angular velocity. Never ends by itself; a step costs the squared angle, a tenth of
 * the squared velocity and a thousandth of the squared torque.
 */
final class Pendulum extends ClassicControl {
    private static final float TOP_TORQUE = 2;
    private static final double TOP_SPEED = 8;
    private static final double GRAVITY = 10.0;
    /** Seconds a step takes. */
    private static final double TAU = 0.05;

    static final EnvironmentSpec SPEC = new EnvironmentSpec(
            "Pendulum-v1",
            ObservationSpace.symmetric(1, 1, (float) TOP_SPEED),
            new ActionSpace.Box(new float[] {-TOP_TORQUE}, new float[] {TOP_TORQUE}),
            200,
            OptionalDouble.empty());

    private double reward;

    Pendulum() {
        super(SPEC, 2);
    }

    @Override
    void draw(Pcg64 random) {
        state[0] = random.uniform(-Math.PI, Math.PI);
        state[1] = random.uniform(-1, 1);
    }

    @Override
    boolean move(float[] action, int offset) {
        double angle = state[0];
        double turning = state[1];
        float torque = action[offset];
        double away = normalised(angle);
        // The torque is of single precision in Gymnasium, and so is what is computed of it alone.
        reward = -(away * away + 0.1 * (turning * turning) + 0.001f * (torque * torque));
        turning += (3 * GRAVITY / 2 * Math.sin(angle) + 3.0f * torque) * TAU;
        turning = Math.clamp(turning, -TOP_SPEED, TOP_SPEED);
        state[0] = angle + turning * TAU;
        state[1] = turning;
        return false;
    }

    /** The same angle in [−π, π), with Python's remainder, which has the sign of the divisor. */
    private static double normalised(double angle) {
        double turn = 2 * Math.PI;
        double rest = (angle + Math.PI) % turn;
        return (rest < 0 ? rest + turn : rest) - Math.PI;
    }

    @Override
    double earned() {
        return reward;
    }

    @Override
    void observe(float[] target, int offset) {
        target[offset] = (float) Math.cos(state[0]);
        target[offset + 1] = (float) Math.sin(state[0]);
        target[offset + 2] = (float) state[1];
    }
}
