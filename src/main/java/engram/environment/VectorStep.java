package engram.environment;

import java.util.Arrays;

/**
 * What followed the actions of all instances of a {@link VectorEnvironment}. The arrays belong to the environment, are the
 * same ones in every step, and are overwritten by the next. Observations are row-major: instance i's begin at
 * {@code i × width}.
 *
 * @param observations what is seen now, {@code size × width} numbers
 * @param rewards what the actions earned
 * @param terminated whose task ended in this step
 * @param truncated whose episode was cut off in this step
 * @param began whose observation is the first of an episode that this call began without an action of its own leading there:
 *     after {@code reset}, and in the step after the finishing one with {@link AutoReset#NEXT_STEP}. Leave such a row out
 *     of what is learned from
 * @param finalObservations the last observation of an episode, in the rows where {@code terminated} or {@code truncated} is
 *     set; other rows hold something old. {@code size × width} numbers
 * @param infos what each environment said together with {@code observations}
 * @param finalInfos what each environment said together with {@code finalObservations}, in the same rows
 */
@SuppressWarnings("ArrayRecordComponent")
public record VectorStep(
        float[] observations,
        double[] rewards,
        boolean[] terminated,
        boolean[] truncated,
        boolean[] began,
        float[] finalObservations,
        Info[] infos,
        Info[] finalInfos) {
    VectorStep(int size, int width) {
        this(
                new float[size * width],
                new double[size],
                new boolean[size],
                new boolean[size],
                new boolean[size],
                new float[size * width],
                infos(size),
                infos(size));
    }

    /** Whether instance {@code row} finished an episode in this step. */
    public boolean finished(int row) {
        return terminated[row] || truncated[row];
    }

    /** Rewards 0, no flags; {@code began} as given. */
    void clear(boolean begins) {
        Arrays.fill(rewards, 0);
        Arrays.fill(terminated, false);
        Arrays.fill(truncated, false);
        Arrays.fill(began, begins);
    }

    /** Keeps the observation of {@code row} as its episode's last. */
    void keepFinal(int row) {
        int width = observations.length / rewards.length;
        System.arraycopy(observations, row * width, finalObservations, row * width, width);
        finalInfos[row] = infos[row];
    }

    private static Info[] infos(int size) {
        Info[] infos = new Info[size];
        Arrays.fill(infos, Info.none());
        return infos;
    }
}
