package engram.memory.redis;

import java.util.List;

/**
 * Where in a memory a value is, as one text: a letter for tags or payload, then each name behind its length, so that no
 * two places share a text.
 */
final class Places {
    static final String PAYLOAD = "p";
    static final String TAGS = "t";

    /** Deeper members and longer places are not indexed but compared in what a wider search brings back. */
    private static final int DEEPEST = 12;

    private static final int LONGEST = 512;

    private Places() {}

    /** The place of a member of the object at {@code parent}. */
    static String child(String parent, String name) {
        return parent + name.length() + ":" + name;
    }

    static String of(String root, List<String> path) {
        String place = root;
        for (String name : path) {
            place = child(place, name);
        }
        return place;
    }

    static boolean isIndexed(int depth, String place) {
        return depth <= DEEPEST && place.length() <= LONGEST;
    }
}
