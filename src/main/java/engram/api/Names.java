package engram.api;

import java.util.Set;
import java.util.regex.Pattern;

/** The rules for what clients name: memories and agents. */
final class Names {
    /** The longest id or name of an agent, in characters. */
    static final int LONGEST = 128;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");
    private static final int SHOWN = 100;
    /** Paths below {@code memories} that are no memories, and those that a URL cannot hold. */
    private static final Set<String> RESERVED = Set.of("batch", "query", ".", "..");

    private Names() {}

    static void checkId(String id, Findings findings) {
        checkAgent(id, "id", findings);
        if (id.indexOf('/') >= 0) {
            findings.add("id", "must not hold a '/'");
        }
        if (RESERVED.contains(id)) {
            findings.add("id", "'" + id + "' is reserved");
        }
    }

    static void checkAgent(String agent, Findings findings) {
        checkAgent(agent, "agent", findings);
    }

    private static void checkAgent(String name, String field, Findings findings) {
        if (name.isBlank()) {
            findings.add(field, "must not be blank");
        } else if (name.length() > LONGEST) {
            findings.add(field, "has at most " + LONGEST + " characters, not " + name.length());
        } else if (CONTROL.matcher(name).find()) {
            findings.add(field, "must not hold control characters");
        }
    }

    /** A client's text, short enough for a message. */
    static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
