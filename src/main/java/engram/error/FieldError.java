package engram.error;

import java.util.Objects;

/**
 * One thing that is wrong with an input.
 *
 * @param field the path of the offending field as the caller wrote it, such as {@code memories[3].tags.colour}; empty
 *     where the whole input is meant
 * @param message what is wrong with it and what would be right
 */
public record FieldError(String field, String message) {
    public FieldError {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(message, "message");
    }
}
