package engram.agent;

import engram.error.InvalidInput;

/** A number that changes over a training, such as a learning rate or the share of random actions. */
public sealed interface Schedule {
    /**
     * The number at some point.
     *
     * @param done the share of the training that is done, in [0,1]
     */
    double at(double done);

    /** The same number throughout. */
    static Schedule constant(double value) {
        return new Constant(value);
    }

    /** In a straight line from one number to another, which it keeps from the share {@code until} on. */
    static Schedule linear(double from, double to, double until) {
        return new Linear(from, to, until);
    }

    /**
     * The same number throughout.
     *
     * @param value at every point; finite
     */
    record Constant(double value) implements Schedule {
        public Constant {
            finite("value", value);
        }

        @Override
        public double at(double done) {
            return value;
        }
    }

    /**
     * A straight line.
     *
     * @param from at the start; finite
     * @param to from {@code until} on; finite
     * @param until a share of the training, in (0,1]
     */
    record Linear(double from, double to, double until) implements Schedule {
        public Linear {
            finite("from", from);
            finite("to", to);
            partOfTraining(until);
        }

        @Override
        public double at(double done) {
            return from + (to - from) * Math.min(1, done / until);
        }
    }

    /**
     * Half a cosine wave from one number down to another.
     *
     * @param from at the start; finite
     * @param to from {@code until} on; finite
     * @param until a share of the training, in (0,1]
     */
    record Cosine(double from, double to, double until) implements Schedule {
        public Cosine {
            finite("from", from);
            finite("to", to);
            partOfTraining(until);
        }

        @Override
        public double at(double done) {
            return to + (from - to) * (1 + Math.cos(Math.PI * Math.min(1, done / until))) / 2;
        }
    }

    /**
     * A geometric fall: equal shares of the training multiply it equally.
     *
     * @param from at the start; above 0
     * @param to from {@code until} on; above 0
     * @param until a share of the training, in (0,1]
     */
    record Exponential(double from, double to, double until) implements Schedule {
        public Exponential {
            Checks.positive("from", from);
            Checks.positive("to", to);
            partOfTraining(until);
        }

        @Override
        public double at(double done) {
            return from * Math.pow(to / from, Math.min(1, done / until));
        }
    }

    private static void finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw new InvalidInput(field, "is " + value + ", but must be a finite number");
        }
    }

    private static void partOfTraining(double until) {
        if (!(until > 0 && until <= 1)) {
            throw new InvalidInput("until", "is " + until + ", but must be in (0,1]");
        }
    }
}
