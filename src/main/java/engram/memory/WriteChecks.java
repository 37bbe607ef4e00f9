package engram.memory;

import engram.error.InvalidInput;

/** What every store refuses to write. */
public final class WriteChecks {
    private static final int LONGEST_KEY = 1_000;

    private WriteChecks() {}

    /**
     * Refuses what cannot be the key of anything: keys are of bounded length and hold nothing that UTF-8 cannot.
     *
     * @param field what an error names
     * @throws InvalidInput if it is unsuitable
     */
    public static void requireKey(String field, String value) {
        if (value.isEmpty() || value.length() > LONGEST_KEY || !isWellFormed(value)) {
            throw new InvalidInput(field, "is a well-formed text of 1 to " + LONGEST_KEY + " characters");
        }
    }

    /**
     * Returns a vector that is fit for a tier.
     *
     * @throws InvalidInput if it has another length or a number that is not finite
     */
    public static float[] requireFit(float[] vector, Tier tier) {
        int dimensions = tier.resolution().dimensions();
        if (vector.length != dimensions) {
            throw new InvalidInput(
                    "vector", "has " + vector.length + " numbers, but a memory in " + tier + " has " + dimensions);
        }
        for (float number : vector) {
            if (!Float.isFinite(number)) {
                throw new InvalidInput("vector", "holds a number that is not finite");
            }
        }
        return vector;
    }

    /** Whether a text has no halves of surrogate pairs. */
    public static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i))
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
