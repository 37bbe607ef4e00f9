package engram.agent;

import engram.error.InvalidInput;

/**
 * When an agent learns while it acts.
 *
 * @param start how many steps are taken, with random actions, before it learns; 0 or more
 * @param every how many steps lie between two times of learning; 1 or more
 * @param updates how many steps of gradient descent are taken each time; 1 or more
 * @param batch how many of its own transitions go into each; 1 or more
 * @param targetEvery how often the target networks are renewed; 1 or more
 * @param targetCounts what that counts
 */
public record Rhythm(int start, int every, int updates, int batch, int targetEvery, Count targetCounts) {
    public Rhythm {
        if (start < 0) {
            throw new InvalidInput("start", "is " + start + ", but must be 0 or more");
        }
        atLeastOne("every", every);
        atLeastOne("updates", updates);
        atLeastOne("batch", batch);
        atLeastOne("targetEvery", targetEvery);
    }

    private static void atLeastOne(String field, int value) {
        if (value < 1) {
            throw new InvalidInput(field, "is " + value + ", but must be 1 or more");
        }
    }

    /** What is counted between two renewals of the target networks. */
    public enum Count {
        /** Steps in the environment. */
        STEPS,
        /** Steps of gradient descent. */
        UPDATES
    }
}
