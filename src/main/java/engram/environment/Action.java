package engram.environment;

import java.util.Arrays;

/** What an agent does in one step. */
public sealed interface Action {
    /** One of finitely many actions. */
    static Action discrete(int index) {
        return new Discrete(index);
    }

    /** One number for each component of a box; handed over, not copied. */
    static Action continuous(float... values) {
        return new Continuous(values);
    }

    /**
     * One of finitely many actions.
     *
     * @param index which one, from 0
     */
    record Discrete(int index) implements Action {}

    /**
     * A point in a box.
     *
     * @param values one number for each component; handed over, not copied
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Continuous(float[] values) implements Action {
        @Override
        public boolean equals(Object other) {
            return other instanceof Continuous that && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return "Continuous" + Arrays.toString(values);
        }
    }
}
