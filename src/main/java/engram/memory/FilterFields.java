package engram.memory;

import engram.error.InvalidInput;
import engram.error.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The names of fields in filters: {@code agent}, {@code kind}, {@code tier}, {@code step}, {@code time},
 * {@code tags.x} and {@code payload.a.b}. Everything after {@code tags.} is the tag's name; in a payload path a
 * backslash takes the next character as it is, so that a member's name may hold a dot.
 */
final class FilterFields {
    private static final List<String> KNOWN =
            List.of("agent", "kind", "tier", "step", "time", "tags.<name>", "payload.<path>");
    private static final List<String> PAYLOAD_MEMBERS =
            List.of("state", "action", "interaction", "experience", "text", "context", "outcome");
    private static final String TAGS = "tags.";
    private static final String PAYLOAD = "payload.";

    private FilterFields() {}

    /** The field of this name; {@code where} is the path that an error names. */
    static Filter.Field parse(String name, String where) {
        return switch (name) {
            case "agent" -> new Filter.Field.Agent();
            case "kind" -> new Filter.Field.Kind();
            case "tier" -> new Filter.Field.Tier();
            case "step" -> new Filter.Field.Step();
            case "time" -> new Filter.Field.Time();
            default -> parseNested(name, where);
        };
    }

    /** The name of a field, such that {@link #parse} gives the field again. */
    static String print(Filter.Field field) {
        return switch (field) {
            case Filter.Field.Agent() -> "agent";
            case Filter.Field.Kind() -> "kind";
            case Filter.Field.Tier() -> "tier";
            case Filter.Field.Step() -> "step";
            case Filter.Field.Time() -> "time";
            case Filter.Field.Tag(String name) -> TAGS + name;
            case Filter.Field.PayloadPath(List<String> path) ->
                PAYLOAD
                        + path.stream()
                                .map(segment -> segment.replace("\\", "\\\\").replace(".", "\\."))
                                .collect(Collectors.joining("."));
        };
    }

    private static Filter.Field parseNested(String name, String where) {
        if (name.startsWith(TAGS) && name.length() > TAGS.length()) {
            return new Filter.Field.Tag(name.substring(TAGS.length()));
        }
        if (name.startsWith(PAYLOAD) && name.length() > PAYLOAD.length()) {
            return payloadPath(segments(name.substring(PAYLOAD.length()), where));
        }
        if (List.of("tags", TAGS, "payload", PAYLOAD).contains(name)) {
            throw new InvalidInput(
                    where, "names a member, such as " + (name.startsWith("t") ? "tags.colour" : "payload.health"));
        }
        throw new InvalidInput(where, "'" + name + "' is no field" + Suggestion.forName(name, KNOWN));
    }

    private static Filter.Field payloadPath(List<String> segments) {
        if (PAYLOAD_MEMBERS.contains(segments.getFirst())) {
            return new Filter.Field.PayloadPath(segments);
        }
        List<String> ofState = new ArrayList<>();
        ofState.add("state");
        ofState.addAll(segments);
        return new Filter.Field.PayloadPath(ofState);
    }

    private static List<String> segments(String path, String where) {
        List<String> segments = new ArrayList<>();
        StringBuilder segment = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' && i + 1 < path.length()) {
                i++;
                segment.append(path.charAt(i));
            } else if (c == '.') {
                segments.add(segment.toString());
                segment.setLength(0);
            } else {
                segment.append(c);
            }
        }
        segments.add(segment.toString());
        if (segments.contains("")) {
            throw new InvalidInput(where, "has an empty name in the path '" + path + "'");
        }
        return segments;
    }
}
