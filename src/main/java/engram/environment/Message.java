package engram.environment;

import java.util.List;

/**
 * What travels between an environment and a learner in different programs; {@code docs/environments.md} has the bytes.
 * Arrays are handed over. Batches have one row for each instance.
 */
sealed interface Message {
    /** What a row is asked for. */
    byte LEAVE = 0;

    byte RESET = 1;
    byte RESET_SEEDED = 2;
    byte STEP = 3;

    /** What a row answers, as bits. */
    byte TERMINATED = 1;

    byte TRUNCATED = 2;
    byte BEGAN = 4;
    byte LEFT = 8;
    byte FAULTY = 16;

    /** Asks what the environment is. */
    record Describe() implements Message {}

    /** Says what it is; {@code timeLimit} 0 is none, or not known. */
    record Described(String name, int instances, ObservationSpace observations, ActionSpace actions, int timeLimit)
            implements Message {}

    /** Asks some rows to begin an episode. {@code seeds} counts where the operation is RESET_SEEDED. */
    @SuppressWarnings("ArrayRecordComponent")
    record Begin(boolean info, byte[] operations, long[] seeds) implements Message {}

    /** Asks each row to step, to begin an episode or to be left alone. {@code actions} counts where it is STEP. */
    @SuppressWarnings("ArrayRecordComponent")
    record Advance(boolean info, byte[] operations, float[] actions) implements Message {}

    /** What followed. {@code masks} and {@code infos} (JSON objects, or empty text) are empty if nobody has any. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answered(byte[] flags, double[] rewards, float[] observations, boolean[] masks, List<String> infos)
            implements Message {}

    /** A request that was not carried out. {@code retryAfter} in milliseconds. */
    record Failed(Reason reason, int retryAfter, String field, String text) implements Message {}

    /** The last frame of either side. */
    record Close() implements Message {}

    /** Why a request was not carried out. */
    enum Reason {
        /** It can never be carried out as it is. */
        INVALID(0),
        /** It may be carried out later. */
        UNAVAILABLE(1),
        /** It contradicts what has happened so far, such as a step before a reset. */
        CONFLICT(2);

        /** How it is written. */
        final byte code;

        Reason(int code) {
            this.code = (byte) code;
        }
    }
}
