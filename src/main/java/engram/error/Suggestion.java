package engram.error;

import java.util.Collection;
import java.util.Locale;

/** Finds the name that someone probably meant. */
public final class Suggestion {
    private static final int LONGEST = 100;

    private Suggestion() {}

    /**
     * The end of a sentence that complains of an unknown name.
     *
     * @param unknown what was written
     * @param known the names there are, in an order that makes sense to a reader
     * @return {@code "; did you mean 'agent'?"} where one is near (at most a third of its letters are to be changed,
     *     without regard to case), otherwise {@code "; known are agent, kind, …"}; empty if no name is known
     */
    public static String forName(String unknown, Collection<String> known) {
        String lower = unknown.toLowerCase(Locale.ROOT);
        String nearest = "";
        int least = Integer.MAX_VALUE;
        for (String name : known) {
            int distance = distance(lower, name.toLowerCase(Locale.ROOT));
            if (distance < least && distance <= Math.max(1, name.length() / 3)) {
                least = distance;
                nearest = name;
            }
        }
        if (!nearest.isEmpty()) {
            return "; did you mean '" + nearest + "'?";
        }
        return known.isEmpty() ? "" : "; known are " + String.join(", ", known);
    }

    /**
     * The edits between two names, where swapping neighbours is one edit (optimal string alignment). Names longer than
     * any of ours are far from everything.
     */
    private static int distance(String a, String b) {
        if (a.length() > LONGEST || b.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : least(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int least(int[][] edits, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(edits[i - 1][j - 1] + (same ? 0 : 1), Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
    }
}
