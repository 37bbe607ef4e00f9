package engram.environment;

import engram.error.InvalidInput;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Which actions are allowed. Besides as an {@link Action}, an action can be written flat, as {@link #width()} numbers:
 * a discrete one as its index, a continuous one as its values. Replay tables and batches use the flat form. Immutable.
 */
public sealed interface ActionSpace {
    /** How many numbers the flat form of an action has. */
    int width();

    /**
     * Checks an action.
     *
     * @throws InvalidInput naming {@code action} if it is of the other kind, has the wrong length or is out of bounds
     */
    void check(Action action);

    /**
     * Checks the flat form of an action.
     *
     * @param values holds the action
     * @param offset where it begins
     * @throws InvalidInput naming {@code action} if it is out of bounds, or no index
     */
    void check(float[] values, int offset);

    /**
     * Writes the flat form.
     *
     * @throws InvalidInput naming {@code action} if it is not in this space
     */
    void flatten(Action action, float[] target, int offset);

    /** The flat form in an array of its own. */
    default float[] flatten(Action action) {
        float[] flat = new float[width()];
        flatten(action, flat, 0);
        return flat;
    }

    /**
     * Back from the flat form.
     *
     * @throws InvalidInput naming {@code action} if it is not in this space
     */
    Action unflatten(float[] values, int offset);

    /** An action drawn uniformly. */
    Action sample(RandomGenerator random);

    /** The nearest action in this space; a value that is no number becomes the lower bound. Only the length must be right. */
    Action clip(Action action);

    /**
     * Finitely many actions.
     *
     * @param count how many, at least 1 and few enough that a float holds every index
     */
    record Discrete(int count) implements ActionSpace {
        /** @throws InvalidInput naming {@code count} */
        public Discrete {
            if (count < 1 || count > Bounds.MOST) {
                throw new InvalidInput("count", "is " + count + ", but must be 1 to " + Bounds.MOST);
            }
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public void check(Action action) {
            index(action);
        }

        @Override
        public void check(float[] values, int offset) {
            float value = values[offset];
            if (!(value >= 0 && value < count && value == (int) value)) {
                throw outside(value);
            }
        }

        @Override
        public void flatten(Action action, float[] target, int offset) {
            target[offset] = index(action);
        }

        @Override
        public Action unflatten(float[] values, int offset) {
            check(values, offset);
            return new Action.Discrete((int) values[offset]);
        }

        @Override
        public Action sample(RandomGenerator random) {
            return new Action.Discrete(random.nextInt(count));
        }

        @Override
        public Action clip(Action action) {
            return switch (action) {
                case Action.Discrete(int index) -> new Action.Discrete(Math.clamp(index, 0, count - 1));
                case Action.Continuous unsuited -> throw wrongKind();
            };
        }

        private int index(Action action) {
            return switch (action) {
                case Action.Discrete(int index) when index >= 0 && index < count -> index;
                case Action.Discrete(int index) -> throw outside(index);
                case Action.Continuous unsuited -> throw wrongKind();
            };
        }

        private InvalidInput outside(float value) {
            String shown = value == (int) value ? Integer.toString((int) value) : Float.toString(value);
            return new InvalidInput("action", "is " + shown + ", but must be a whole number from 0 to " + (count - 1));
        }

        private InvalidInput wrongKind() {
            return new InvalidInput("action", "is an array, but must be a whole number from 0 to " + (count - 1));
        }
    }

    /**
     * All points between two corners. The arrays are copied on the way in and out.
     *
     * @param low the smallest value of each component, finite
     * @param high the largest, finite
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Box(float[] low, float[] high) implements ActionSpace {
        /** @throws InvalidInput naming {@code low} or {@code high} */
        public Box {
            Bounds.check(low, high, false);
            low = low.clone();
            high = high.clone();
        }

        /** The lower bounds, a copy. */
        @Override
        public float[] low() {
            return low.clone();
        }

        /** The upper bounds, a copy. */
        @Override
        public float[] high() {
            return high.clone();
        }

        @Override
        public int width() {
            return low.length;
        }

        @Override
        public void check(Action action) {
            check(values(action), 0);
        }

        @Override
        public void check(float[] values, int offset) {
            if (Bounds.contain(low, high, values, offset)) {
                return;
            }
            for (int i = 0; i < low.length; i++) {
                float value = values[offset + i];
                if (!(value >= low[i] && value <= high[i])) {
                    throw new InvalidInput(
                            "action", "[" + i + "] is " + value + ", but must be from " + low[i] + " to " + high[i]);
                }
            }
        }

        @Override
        public void flatten(Action action, float[] target, int offset) {
            float[] values = values(action);
            check(values, 0);
            System.arraycopy(values, 0, target, offset, values.length);
        }

        @Override
        public Action unflatten(float[] values, int offset) {
            check(values, offset);
            return new Action.Continuous(Arrays.copyOfRange(values, offset, offset + low.length));
        }

        @Override
        public Action sample(RandomGenerator random) {
            float[] values = new float[low.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (low[i] + ((double) high[i] - low[i]) * random.nextDouble());
            }
            return new Action.Continuous(values);
        }

        @Override
        public Action clip(Action action) {
            float[] values = values(action).clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] >= low[i] ? Math.min(values[i], high[i]) : low[i];
            }
            return new Action.Continuous(values);
        }

        /** The values of an action whose kind and length are right. */
        private float[] values(Action action) {
            return switch (action) {
                case Action.Continuous(float[] values) when values.length == low.length -> values;
                case Action.Continuous(float[] values) ->
                    throw new InvalidInput("action", "has " + values.length + " values, but must have " + low.length);
                case Action.Discrete unsuited ->
                    throw new InvalidInput("action", "is one whole number, but must be an array of " + low.length);
            };
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Box that && Arrays.equals(low, that.low) && Arrays.equals(high, that.high);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
        }

        @Override
        public String toString() {
            return "Box[low=" + Arrays.toString(low) + ", high=" + Arrays.toString(high) + "]";
        }
    }
}
