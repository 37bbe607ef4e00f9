package engram.agent;

import engram.replay.Batch;
import java.util.Arrays;

/**
 * Whether experiences of others are of the world that an agent lives in. For each of its last own steps it looks for the
 * most similar moment among theirs, and compares what followed: the change of the observation and the reward. In the same
 * world that differs less than what followed any two of its own steps; in another one it does not. Not thread-safe.
 */
final class Agreement {
    /** How many experiences of others are looked at. */
    static final int OTHERS = 1_024;

    private static final int OWN = 64;
    private static final int LEAST_OWN = 32;
    private static final double SMALL = 1e-9;

    private final boolean discrete;
    private final Step[] own = new Step[OWN];
    private long lived;

    /** @param discrete whether actions are names, which are the same or not, and no numbers with a distance */
    Agreement(boolean discrete) {
        this.discrete = discrete;
    }

    /** Takes in an own step. */
    void lived(Experience step) {
        float[] observation = step.observation();
        float[] action = step.action();
        own[(int) (lived % OWN)] = new Step(
                joined(observation, 0, observation.length, action, 0, action.length),
                followed(observation, step.next(), 0, observation.length, (float) step.reward()));
        lived++;
    }

    /** Whether there are enough own steps to compare with. */
    boolean isReady() {
        return lived >= LEAST_OWN;
    }

    /**
     * How far others agree.
     *
     * @param others single steps
     * @return 1 where the same follows, 0 where what follows is no more alike than after any two own steps
     */
    double with(Batch others) {
        int count = (int) Math.min(lived, OWN);
        Step[] steps = steps(others);
        double[] beforeScales = scales(count, false);
        double[] afterScales = scales(count, true);
        double[] apart = new double[count];
        double[] usual = new double[count];
        for (int i = 0; i < count; i++) {
            Step mine = own[i];
            double least = Double.POSITIVE_INFINITY;
            apart[i] = Double.POSITIVE_INFINITY;
            for (Step theirs : steps) {
                double distance = possible(mine, theirs, others.shape().actionWidth())
                        ? distance(mine.before, theirs.before, beforeScales, least)
                        : Double.POSITIVE_INFINITY;
                if (distance < least) {
                    least = distance;
                    apart[i] = distance(mine.after, theirs.after, afterScales, Double.POSITIVE_INFINITY);
                }
            }
            usual[i] = distance(mine.after, own[(i + count / 2) % count].after, afterScales, Double.POSITIVE_INFINITY);
        }
        Arrays.sort(apart);
        Arrays.sort(usual);
        return Math.max(0, 1 - apart[count / 2] / (usual[count / 2] + SMALL));
    }

    private boolean possible(Step mine, Step theirs, int actionWidth) {
        int end = mine.before.length;
        return !discrete || Arrays.equals(mine.before, end - actionWidth, end, theirs.before, end - actionWidth, end);
    }

    /** The mean squared difference; anything beyond {@code most} where that is certain before the end. */
    private static double distance(float[] one, float[] other, double[] scales, double most) {
        double sum = 0;
        for (int i = 0; i < one.length && sum <= most * one.length; i++) {
            double apart = (double) one[i] - other[i];
            sum += apart * apart / scales[i];
        }
        return sum / one.length;
    }

    /** How much each number varies among the own steps, as a square; 1 where it does not. */
    private double[] scales(int count, boolean after) {
        double[] scales = new double[(after ? own[0].after : own[0].before).length];
        for (int place = 0; place < scales.length; place++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < count; i++) {
                double value = (after ? own[i].after : own[i].before)[place];
                sum += value;
                squares += value * value;
            }
            double mean = sum / count;
            double variance = squares / count - mean * mean;
            scales[place] = variance > SMALL * mean * mean && variance > 0 ? variance : 1;
        }
        return scales;
    }

    private static Step[] steps(Batch others) {
        int wide = others.shape().observationWidth();
        int acted = others.shape().actionWidth();
        Step[] steps = new Step[others.size()];
        for (int row = 0; row < steps.length; row++) {
            steps[row] = new Step(
                    joined(others.observations(), row * wide, wide, others.actions(), row * acted, acted),
                    followed(
                            others.observations(), others.nextObservations(), row * wide, wide, others.rewards()[row]));
        }
        return steps;
    }

    private static float[] joined(float[] first, int from, int count, float[] second, int start, int length) {
        float[] joined = new float[count + length];
        System.arraycopy(first, from, joined, 0, count);
        System.arraycopy(second, start, joined, count, length);
        return joined;
    }

    private static float[] followed(float[] observations, float[] next, int from, int wide, float reward) {
        float[] followed = new float[wide + 1];
        for (int i = 0; i < wide; i++) {
            followed[i] = next[from + i] - observations[from + i];
        }
        followed[wide] = reward;
        return followed;
    }

    /**
     * A step as numbers to compare.
     *
     * @param before observation and action
     * @param after change of the observation, and reward
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared itself
    private record Step(float[] before, float[] after) {}
}
