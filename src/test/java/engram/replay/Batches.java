package engram.replay;

import java.util.Arrays;

/** Looks into batches. */
final class Batches {
    private Batches() {}

    /** A row as it would have been inserted. */
    static Transition row(Batch batch, int row) {
        TransitionShape shape = batch.shape();
        int wide = shape.observationWidth();
        boolean[] mask =
                Arrays.copyOfRange(batch.nextActionMasks(), row * shape.maskWidth(), (row + 1) * shape.maskWidth());
        return new Transition(
                Arrays.copyOfRange(batch.observations(), row * wide, (row + 1) * wide),
                Arrays.copyOfRange(batch.actions(), row * shape.actionWidth(), (row + 1) * shape.actionWidth()),
                batch.rewards()[row],
                Arrays.copyOfRange(batch.nextObservations(), row * wide, (row + 1) * wide),
                batch.terminated()[row],
                batch.truncated()[row],
                batch.steps()[row],
                mask);
    }

    /** Everything in a transition, to compare by content. */
    static String content(Transition transition) {
        return Arrays.toString(transition.observation())
                + Arrays.toString(transition.action())
                + transition.reward()
                + Arrays.toString(transition.nextObservation())
                + transition.terminated()
                + transition.truncated()
                + transition.steps()
                + Arrays.toString(transition.nextActionMask());
    }

    /** Everything in a batch, positions and weights too. */
    static String content(Batch batch) {
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < batch.size(); i++) {
            content.append(content(row(batch, i)))
                    .append(batch.weights()[i])
                    .append('@')
                    .append(batch.positions()[i])
                    .append('\n');
        }
        return content.toString();
    }
}
