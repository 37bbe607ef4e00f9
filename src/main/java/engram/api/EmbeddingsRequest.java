package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** States or texts to embed. */
@Schema(
        name = "EmbeddingsRequest",
        description = "States or texts to embed: exactly one of the members",
        additionalProperties = Schema.False.class)
record EmbeddingsRequest(
        @Schema(implementation = Object.class, description = "One state: an object or an array of numbers") @Nullable
        JsonNode state,

        @Schema(implementation = Object[].class, nullable = true, description = "Several states") @Nullable
        List<JsonNode> states,

        @Schema(nullable = true, description = "One text") @Nullable
        String text,

        @Schema(nullable = true, description = "Several texts") @Nullable
        List<@Nullable String> texts) {
    static final String ONE_FORM = "exactly one of state, states, text and texts is to be embedded";

    private static final Pattern PLACE = Pattern.compile("^\\[(\\d+)]\\.state");

    int forms() {
        return (isThere(state) ? 1 : 0) + (states == null ? 0 : 1) + (text == null ? 0 : 1) + (texts == null ? 0 : 1);
    }

    /** Whether texts are to be embedded and not states. */
    boolean isTexts() {
        return text != null || texts != null;
    }

    /** The texts; empty if states are to be embedded. */
    List<String> allTexts() {
        if (text != null) {
            return checked(List.of(text), "text");
        }
        return texts == null ? List.of() : checked(texts, "texts");
    }

    /** The states; empty if texts are to be embedded. */
    List<JsonNode> allStates() {
        Findings findings = new Findings();
        List<JsonNode> all = List.of();
        if (state != null && isThere(state)) {
            findings.requireFinite(state, "state");
            all = List.of(state);
        } else if (states != null) {
            for (int i = 0; i < states.size(); i++) {
                findings.requireFinite(states.get(i), "states[" + i + "]");
            }
            all = states;
        }
        findings.throwIfAny();
        return all;
    }

    /** A problem with a state, whose place in the list comes first, said of the member of this request. */
    InvalidInput renamed(InvalidInput problem) {
        String name = states == null ? "state" : "states[$1]";
        return new InvalidInput(problem.errors().stream()
                .map(error -> new FieldError(PLACE.matcher(error.field()).replaceFirst(name), error.message()))
                .toList());
    }

    private static List<String> checked(List<@Nullable String> texts, String field) {
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            if (text == null || text.isBlank()) {
                throw new InvalidInput(
                        field.equals("text") ? field : field + "[" + i + "]", "must be a text that is not blank");
            }
        }
        return texts.stream().map(String::valueOf).toList();
    }

    private static boolean isThere(@Nullable JsonNode node) {
        return node != null && !node.isNull();
    }
}
