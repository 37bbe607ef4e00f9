package engram.agent;

import engram.error.Damaged;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An episode as it is lived through, step by step. Not thread-safe. */
final class Episode {
    private static final boolean[] ALL = {};
    private static final int MOST_STEPS = 1 << 24;

    private final int observationWidth;
    private final int actionWidth;
    private float[] observations = new float[0];
    private float[] actions = new float[0];
    private float[] rewards = new float[0];
    private final List<boolean[]> masks = new ArrayList<>();
    private float[] last = new float[0];
    private int length;

    Episode(int observationWidth, int actionWidth) {
        this.observationWidth = observationWidth;
        this.actionWidth = actionWidth;
    }

    int length() {
        return length;
    }

    /**
     * Adds a step.
     *
     * @param mask which discrete actions were allowed; null for all
     */
    void add(float[] observation, float[] action, float reward, boolean @Nullable [] mask) {
        if (length == rewards.length) {
            int room = Math.max(16, 2 * length);
            observations = Arrays.copyOf(observations, room * observationWidth);
            actions = Arrays.copyOf(actions, room * actionWidth);
            rewards = Arrays.copyOf(rewards, room);
        }
        System.arraycopy(observation, 0, observations, length * observationWidth, observationWidth);
        System.arraycopy(action, 0, actions, length * actionWidth, actionWidth);
        rewards[length] = reward;
        // An action that was taken was possible, whatever the mask says.
        masks.add(mask != null && mask[(int) action[0]] ? mask.clone() : ALL);
        length++;
    }

    /** Ends it where more could have been earned. */
    void cut(float[] next) {
        last = next.clone();
    }

    /** Whether more could have been earned behind its last step. */
    boolean isCut() {
        return last.length > 0;
    }

    /** The observation of a step; the one behind the last step only if it was {@link #cut}. */
    void observation(int step, float[] target, int to) {
        if (step == length) {
            System.arraycopy(last, 0, target, to, observationWidth);
        } else {
            System.arraycopy(observations, step * observationWidth, target, to, observationWidth);
        }
    }

    void action(int step, float[] target, int to) {
        System.arraycopy(actions, step * actionWidth, target, to, actionWidth);
    }

    float reward(int step) {
        return rewards[step];
    }

    boolean allowed(int step, int action) {
        boolean[] mask = masks.get(step);
        return mask.length == 0 || mask[action];
    }

    boolean masked() {
        return masks.stream().anyMatch(mask -> mask.length > 0);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(length);
        write(out, observations, length * observationWidth);
        write(out, actions, length * actionWidth);
        write(out, rewards, length);
        out.writeBoolean(isCut());
        write(out, last, last.length);
        for (boolean[] mask : masks) {
            out.writeInt(mask.length);
            for (boolean allowed : mask) {
                out.writeBoolean(allowed);
            }
        }
    }

    static Episode read(DataInput in, int observationWidth, int actionWidth) throws IOException {
        Episode episode = new Episode(observationWidth, actionWidth);
        int length = in.readInt();
        if (length < 0 || length > MOST_STEPS) {
            throw new Damaged("an episode of the agent says it has " + length + " steps");
        }
        episode.length = length;
        episode.observations = read(in, length * observationWidth);
        episode.actions = read(in, length * actionWidth);
        episode.rewards = read(in, length);
        boolean cut = in.readBoolean();
        episode.last = read(in, cut ? observationWidth : 0);
        for (int step = 0; step < length; step++) {
            boolean[] mask = new boolean[in.readInt()];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = in.readBoolean();
            }
            episode.masks.add(mask);
        }
        return episode;
    }

    private static void write(DataOutput out, float[] values, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            out.writeFloat(values[i]);
        }
    }

    private static float[] read(DataInput in, int count) throws IOException {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }
}
