package engram.agent;

import engram.error.InvalidInput;

/**
 * What a network remembers from one moment of an episode to the next.
 *
 * @param kind of the layer that remembers, behind the dense ones; {@link Kind#NONE} for none
 * @param width how many numbers come out of it, 1 to 4,096; without meaning without such a layer
 */
public record Recurrence(Kind kind, int width) {
    /** Nothing. */
    public static final Recurrence NONE = new Recurrence(Kind.NONE, 64);

    private static final int MOST_WIDTH = 4_096;

    public Recurrence {
        if (width < 1 || width > MOST_WIDTH) {
            throw new InvalidInput("width", "is " + width + ", but must be 1 to " + MOST_WIDTH);
        }
    }

    /** Whether there is such a layer. */
    boolean used() {
        return kind != Kind.NONE;
    }

    /** How many numbers are carried through an episode. */
    int carried() {
        return kind.states * width;
    }

    /** How many sums of inputs a moment takes. */
    int gates() {
        return kind.gates * width;
    }

    /** The layers that remember. */
    public enum Kind {
        /** None: every moment stands for itself. */
        NONE(0, 0),
        /** Long short-term memory (Hochreiter and Schmidhuber, 1997), with the forget gate of Gers et al. (2000). */
        LSTM(4, 2),
        /** The gated recurrent unit (Cho et al., 2014), with the reset behind the product, as PyTorch has it. */
        GRU(3, 1);

        private final int gates;
        private final int states;

        Kind(int gates, int states) {
            this.gates = gates;
            this.states = states;
        }
    }
}
