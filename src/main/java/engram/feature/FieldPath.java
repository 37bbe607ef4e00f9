package engram.feature;

import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of fields inside a state: the keys from the root joined by dots. A dot or backslash that belongs to a key is
 * written with a backslash before it, so no two fields of one state share a name.
 */
final class FieldPath {
    private FieldPath() {}

    /** The key as one step of a path. */
    static String escape(String key) {
        if (key.indexOf('.') < 0 && key.indexOf('\\') < 0) {
            return key;
        }
        return key.replace("\\", "\\\\").replace(".", "\\.");
    }

    /** The keys of a path; the inverse of joining escaped keys. */
    static List<String> split(String path) {
        List<String> keys = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '.') {
                keys.add(key.toString());
                key.setLength(0);
            } else if (c != '\\') {
                key.append(c);
            } else if (i + 1 < path.length() && (path.charAt(i + 1) == '.' || path.charAt(i + 1) == '\\')) {
                i++;
                key.append(path.charAt(i));
            } else {
                throw new InvalidInput(
                        "", "'" + path + "' is no field name: a backslash stands only before a dot or a backslash");
            }
        }
        keys.add(key.toString());
        return keys;
    }
}
