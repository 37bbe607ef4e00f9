package engram.environment;

import engram.error.InvalidInput;

/** Checks of what is handed to a vector of environments. */
final class VectorChecks {
    private VectorChecks() {}

    /**
     * Checks the flat actions of all instances but those that ignore theirs.
     *
     * @throws InvalidInput naming {@code actions} or {@code actions[i]}
     */
    static void actions(ActionSpace space, int size, float[] actions, boolean[] ignored) {
        int width = space.width();
        if (actions.length != size * width) {
            throw new InvalidInput(
                    "actions", "has " + actions.length + " numbers, but " + size + " × " + width + " are needed");
        }
        for (int i = 0; i < size; i++) {
            if (!ignored[i]) {
                check(space, actions, i, width);
            }
        }
    }

    private static void check(ActionSpace space, float[] actions, int row, int width) {
        try {
            space.check(actions, row * width);
        } catch (InvalidInput refused) {
            throw new InvalidInput(
                    "actions[" + row + "]", refused.errors().getFirst().message());
        }
    }
}
