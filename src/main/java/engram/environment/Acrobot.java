package engram.environment;

import java.util.OptionalDouble;

/**
 * {@code Acrobot-v1}: swing the tip of two hanging links above a line by a torque of −1 (0), 0 (1) or 1 (2) N·m between
 * them, after Sutton (1996), in the variant of Sutton and Barto's book, and Gymnasium's
 * {@code classic_control/acrobot.py}. State: the angle of the first link (rad, 0 hangs down), that of the second relative
 * to the first, and their angular velocities (rad/s). Observation: cosine and sine of both angles, and the velocities.
 * A step is 0.2 s, integrated by one step of Runge and Kutta's fourth order. Every step costs 1, the last one nothing.
 */
final class Acrobot extends ClassicControl {
    private static final double TOP_SPEED_1 = 4 * Math.PI;
    private static final double TOP_SPEED_2 = 9 * Math.PI;
    private static final double GRAVITY = 9.8;
    /** Distance from a joint to the centre of its link of length and mass 1. */
    private static final double CENTRE = 0.5;
    /** Moment of inertia of a link. */
    private static final double INERTIA = 1.0;
    /** Seconds a step takes. */
    private static final double TAU = 0.2;

    static final EnvironmentSpec SPEC = new EnvironmentSpec(
            "Acrobot-v1",
            ObservationSpace.symmetric(1, 1, 1, 1, (float) TOP_SPEED_1, (float) TOP_SPEED_2),
            new ActionSpace.Discrete(3),
            500,
            OptionalDouble.of(-100));

    /** Slopes at the four points of a Runge–Kutta step, four numbers each. */
    private final double[][] slopes = new double[4][4];

    private final double[] point = new double[4];
    private boolean reached;

    Acrobot() {
        super(SPEC, 4);
    }

    @Override
    void draw(Pcg64 random) {
        for (int i = 0; i < state.length; i++) {
            state[i] = (float) random.uniform(-0.1, 0.1);
        }
    }

    @Override
    boolean move(float[] action, int offset) {
        double torque = action[offset] - 1;
        slope(state, torque, slopes[0]);
        slope(along(TAU / 2, slopes[0]), torque, slopes[1]);
        slope(along(TAU / 2, slopes[1]), torque, slopes[2]);
        slope(along(TAU, slopes[2]), torque, slopes[3]);
        for (int i = 0; i < 4; i++) {
            state[i] += TAU / 6.0 * (slopes[0][i] + 2 * slopes[1][i] + 2 * slopes[2][i] + slopes[3][i]);
        }
        state[0] = wrap(state[0]);
        state[1] = wrap(state[1]);
        state[2] = Math.clamp(state[2], -TOP_SPEED_1, TOP_SPEED_1);
        state[3] = Math.clamp(state[3], -TOP_SPEED_2, TOP_SPEED_2);
        reached = -Math.cos(state[0]) - Math.cos(state[1] + state[0]) > 1.0;
        return reached;
    }

    private double[] along(double time, double[] slope) {
        for (int i = 0; i < 4; i++) {
            point[i] = state[i] + time * slope[i];
        }
        return point;
    }

    /** The equations of motion: how the state changes with time at {@code at}. */
    private static void slope(double[] at, double torque, double[] slope) {
        double turning1 = at[2];
        double turning2 = at[3];
        double cosine2 = Math.cos(at[1]);
        double sine2 = Math.sin(at[1]);
        double d1 = CENTRE * CENTRE + (1 + CENTRE * CENTRE + 2 * CENTRE * cosine2) + INERTIA + INERTIA;
        double d2 = CENTRE * CENTRE + CENTRE * cosine2 + INERTIA;
        double phi2 = CENTRE * GRAVITY * Math.cos(at[0] + at[1] - Math.PI / 2.0);
        double phi1 = -CENTRE * (turning2 * turning2) * sine2
                - 2 * CENTRE * turning2 * turning1 * sine2
                + (CENTRE + 1) * GRAVITY * Math.cos(at[0] - Math.PI / 2)
                + phi2;
        double change2 = (torque + d2 / d1 * phi1 - CENTRE * (turning1 * turning1) * sine2 - phi2)
                / (CENTRE * CENTRE + INERTIA - d2 * d2 / d1);
        slope[0] = turning1;
        slope[1] = turning2;
        slope[2] = -(d2 * change2 + phi1) / d1;
        slope[3] = change2;
    }

    private static double wrap(double angle) {
        double wrapped = angle;
        while (wrapped > Math.PI) {
            wrapped -= 2 * Math.PI;
        }
        while (wrapped < -Math.PI) {
            wrapped += 2 * Math.PI;
        }
        return wrapped;
    }

    @Override
    double earned() {
        return reached ? 0 : -1;
    }

    @Override
    void observe(float[] target, int offset) {
        target[offset] = (float) Math.cos(state[0]);
        target[offset + 1] = (float) Math.sin(state[0]);
        target[offset + 2] = (float) Math.cos(state[1]);
        target[offset + 3] = (float) Math.sin(state[1]);
        target[offset + 4] = (float) state[2];
        target[offset + 5] = (float) state[3];
    }
}
