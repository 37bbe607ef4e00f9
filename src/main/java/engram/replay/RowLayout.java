package engram.replay;

import engram.error.InvalidInput;
import org.jspecify.annotations.Nullable;

/**
 * A row as adjacent numbers, so that drawing one touches one or two cache lines: observation, next observation, action,
 * reward, flags, mask. Flags are steps·4 + truncated·2 + terminated, and an entry of the mask is 1 or 0; both are exact as
 * floats.
 */
record RowLayout(TransitionShape shape, int next, int action, int reward, int flags, int mask, int width) {
    static final int MOST_STEPS = 1 << 20;

    /** The flags of one step in the middle of an episode. */
    static final int ONE_STEP = 4;

    static RowLayout of(TransitionShape shape) {
        int action = Math.multiplyExact(2, shape.observationWidth());
        int reward = Math.addExact(action, shape.actionWidth());
        int width = Math.addExact(reward + 2, shape.maskWidth());
        return new RowLayout(shape, shape.observationWidth(), action, reward, reward + 1, reward + 2, width);
    }

    /** Checks a transition and writes it into the first {@code width} numbers of {@code row}. */
    void pack(
            float[] row,
            float[] observation,
            float[] takenAction,
            float gained,
            float[] nextObservation,
            boolean terminated,
            boolean truncated,
            int steps,
            boolean @Nullable [] possible) {
        copy("observation", observation, shape.observationWidth(), row, 0);
        copy("nextObservation", nextObservation, shape.observationWidth(), row, next);
        copy("action", takenAction, shape.actionWidth(), row, action);
        if (!Float.isFinite(gained)) {
            throw new InvalidInput("reward", "must be a finite number, not " + gained);
        }
        if (steps < 1 || steps >= MOST_STEPS) {
            throw new InvalidInput("steps", "must be at least 1 and below " + MOST_STEPS + ", not " + steps);
        }
        row[reward] = gained;
        row[flags] = steps * 4 + (truncated ? 2 : 0) + (terminated ? 1 : 0);
        if (possible != null && shape.maskWidth() > 0 && possible.length != shape.maskWidth()) {
            throw new InvalidInput(
                    "nextActionMask", "must have " + shape.maskWidth() + " entries, not " + possible.length);
        }
        for (int i = 0; i < shape.maskWidth(); i++) {
            row[mask + i] = possible == null || possible[i] ? 1 : 0;
        }
    }

    /** Writes the row that begins at {@code at} into a place of a batch. */
    void unpack(float[] rows, int at, Batch batch, int place) {
        int wide = shape.observationWidth();
        System.arraycopy(rows, at, batch.observations(), place * wide, wide);
        System.arraycopy(rows, at + next, batch.nextObservations(), place * wide, wide);
        System.arraycopy(rows, at + action, batch.actions(), place * shape.actionWidth(), shape.actionWidth());
        batch.rewards()[place] = rows[at + reward];
        int bits = (int) rows[at + flags];
        batch.terminated()[place] = (bits & 1) != 0;
        batch.truncated()[place] = (bits & 2) != 0;
        batch.steps()[place] = bits >> 2;
        for (int i = 0; i < shape.maskWidth(); i++) {
            batch.nextActionMasks()[place * shape.maskWidth() + i] = rows[at + mask + i] != 0;
        }
    }

    private static void copy(String field, float[] from, int width, float[] row, int at) {
        if (from.length != width) {
            throw new InvalidInput(field, "must have " + width + " numbers, not " + from.length);
        }
        for (int i = 0; i < width; i++) {
            float value = from[i];
            if (!Float.isFinite(value)) {
                throw new InvalidInput(field + "[" + i + "]", "must be a finite number, not " + value);
            }
            row[at + i] = value;
        }
    }
}
