package engram.environment;

/** When the next episode of an instance in a {@link VectorEnvironment} begins. */
public enum AutoReset {
    /**
     * In the step after the one that finished: that step's action is ignored, its reward is 0, and its observation is the
     * first of the new episode ({@link VectorStep#began}). No transition leads there. Gymnasium's default.
     */
    NEXT_STEP,
    /**
     * Within the step that finished: its observation is already the first of the new episode, and the last one of the old is
     * in {@link VectorStep#finalObservations}.
     */
    SAME_STEP
}
