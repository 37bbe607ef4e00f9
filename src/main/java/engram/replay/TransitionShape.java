package engram.replay;

/**
 * How wide the rows of a table are.
 *
 * @param observationWidth numbers in an observation, at least 1
 * @param actionWidth numbers in the flat form of an action, at least 1: 1 for a discrete action (its index), n for a box
 * @param maskWidth entries of the mask of the next observation's actions, 0 where no mask is kept
 */
public record TransitionShape(int observationWidth, int actionWidth, int maskWidth) {
    public TransitionShape {
        if (observationWidth < 1 || actionWidth < 1 || maskWidth < 0) {
            throw new IllegalArgumentException("An observation and an action have at least one number and a mask has"
                    + " none or more, not " + observationWidth + ", " + actionWidth + " and " + maskWidth + ".");
        }
    }

    /** A shape without masks. */
    public static TransitionShape of(int observationWidth, int actionWidth) {
        return new TransitionShape(observationWidth, actionWidth, 0);
    }
}
