package engram.agent;

import engram.error.InvalidInput;

/**
 * How an agent goes about learning, whatever its learner is.
 *
 * @param rhythm when it learns
 * @param exploration the share of random actions for Q-learners, in [0,1]; for continuous actions above 0 to draw them
 * @param correction β of prioritised replay, in [0,1]: how far importance weights correct the choice by priority
 * @param foldedSteps n: over how many steps rewards are added up before the next value is asked for, 1 to 10,000
 * @param memoryBatch how many transitions from shared memory go into each step of learning, 1 or more; without meaning
 *     without shared memory
 * @param rehearsal how many updates it makes from shared memory alone, spread over its first {@code rhythm.start} steps, in
 *     which it does not learn from its own yet; 0 or more, without meaning without shared memory
 * @param horizon over how many steps the schedules run, 1 or more
 */
public record LearningPlan(
        Rhythm rhythm,
        Schedule exploration,
        Schedule correction,
        int foldedSteps,
        int memoryBatch,
        int rehearsal,
        long horizon) {
    static final int USUAL_REHEARSAL = 2_000;

    public LearningPlan {
        if (foldedSteps < 1 || foldedSteps > 10_000) {
            throw new InvalidInput("foldedSteps", "is " + foldedSteps + ", but must be 1 to 10000");
        }
        if (memoryBatch < 1) {
            throw new InvalidInput("memoryBatch", "is " + memoryBatch + ", but must be 1 or more");
        }
        if (rehearsal < 0) {
            throw new InvalidInput("rehearsal", "is " + rehearsal + ", but must be 0 or more");
        }
        if (horizon < 1) {
            throw new InvalidInput("horizon", "is " + horizon + ", but must be 1 or more");
        }
    }

    /** Of learners that take every episode once, as soon as there are enough. */
    static LearningPlan unused() {
        return new LearningPlan(
                new Rhythm(0, 1, 1, 1, 1, Rhythm.Count.STEPS),
                Schedule.constant(1),
                Schedule.constant(1),
                1,
                1,
                0,
                50_000);
    }
}
