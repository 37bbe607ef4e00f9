package engram.memory.embedded;

import engram.memory.WriteChecks;
import java.util.List;
import org.apache.lucene.util.BytesRef;

/**
 * How the place of a value (a tag or a payload path) and the value become one term. A term is a letter for its type, the
 * number of names, the names each ended by a zero character, and the value; names have their zero characters escaped,
 * so that no two places or values share a term.
 */
final class PayloadPaths {
    /** Deeper members and longer places are not indexed but looked up in the record. */
    static final int DEEPEST = 12;

    /** In characters of the encoded place. */
    static final int LONGEST = 512;

    /** Longer strings are not indexed but compared in the record. */
    static final int LONGEST_STRING = 256;

    static final char TEXT = 's';
    static final char FLAG = 'b';
    static final char PRESENT = 'e';
    static final char UNINDEXED = 'u';

    /** The term of documents that have more values than are indexed. */
    static final BytesRef OVERFLOW = new BytesRef("*");

    static final String PAYLOAD = "payload";
    static final String TAGS = "tags";

    private PayloadPaths() {}

    static String encode(List<String> path) {
        StringBuilder encoded = new StringBuilder().append((char) path.size());
        path.forEach(name -> append(encoded, name));
        return encoded.toString();
    }

    /** The place of a member of the object at {@code parent}. */
    static String child(String parent, String name) {
        StringBuilder encoded = new StringBuilder(parent.length() + name.length() + 1);
        encoded.append((char) (parent.charAt(0) + 1)).append(parent, 1, parent.length());
        append(encoded, name);
        return encoded.toString();
    }

    /** The place of the root itself. */
    static String root() {
        return "\0";
    }

    private static void append(StringBuilder encoded, String name) {
        encoded.append(name.replace("\u0001", "\u0001\u0002").replace("\0", "\u0001\u0003"))
                .append('\0');
    }

    static boolean isIndexed(int depth, String place) {
        return depth <= DEEPEST && place.length() <= LONGEST;
    }

    /** Whether a string has a form that terms can hold: short, and without halves of surrogate pairs. */
    static boolean isIndexed(String text) {
        return text.length() <= LONGEST_STRING && WriteChecks.isWellFormed(text);
    }

    static BytesRef term(char type, String place) {
        return new BytesRef(type + place);
    }

    static BytesRef term(char type, String place, String value) {
        return new BytesRef(type + place + value);
    }

    /** The name of the field that holds the numbers at a place. */
    static String numbers(String scope, String place) {
        return scope + "#" + place;
    }
}
