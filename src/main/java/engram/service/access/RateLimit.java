package engram.service.access;

import engram.error.InvalidInput;

/**
 * How often a key may ask.
 *
 * @param rate how many requests a second in the long run; 0 for any number
 * @param burst how many at once after a pause; 0 for those of one second, at least one
 */
public record RateLimit(double rate, int burst) {
    /** Any number of requests. */
    public static final RateLimit NONE = new RateLimit(0, 0);

    /** @throws InvalidInput if one of them is negative or no number */
    public RateLimit {
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new InvalidInput("rate", "is a number of requests a second, or 0 for any number, not " + rate);
        }
        if (burst < 0) {
            throw new InvalidInput("burst", "is a number of requests, or 0 for those of one second, not " + burst);
        }
    }

    boolean isNone() {
        return rate == 0;
    }

    double capacity() {
        return burst > 0 ? burst : Math.max(1, Math.ceil(rate));
    }
}
