package engram.agent;

import engram.error.InvalidInput;

/** What settings have in common. */
final class Checks {
    private Checks() {}

    static void positive(String field, double value) {
        if (!(value > 0)) {
            throw new InvalidInput(field, "is " + value + ", but must be above 0");
        }
    }

    static void notNegative(String field, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new InvalidInput(field, "is " + value + ", but must be 0 or more");
        }
    }

    static void share(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new InvalidInput(field, "is " + value + ", but must be in [0,1]");
        }
    }
}
