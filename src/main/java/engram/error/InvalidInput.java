package engram.error;

import java.util.List;
import java.util.stream.Collectors;

/** An input that can never be accepted as it is. Names every offending field. */
public final class InvalidInput extends NonRetriable {
    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    /** One offending field. */
    public InvalidInput(String field, String message) {
        this(List.of(new FieldError(field, message)));
    }

    /** Several offending fields; at least one. */
    public InvalidInput(List<FieldError> errors) {
        super(errors.stream()
                .map(error -> error.field().isEmpty() ? error.message() : error.field() + ": " + error.message())
                .collect(Collectors.joining("; ")));
        this.errors = List.copyOf(errors);
    }

    /** The offending fields, in the order they were found. */
    public List<FieldError> errors() {
        return errors;
    }

    /** The same errors with {@code prefix} put before every field, for a value nested in a larger input. */
    public InvalidInput under(String prefix) {
        return new InvalidInput(errors.stream()
                .map(error -> new FieldError(join(prefix, error.field()), error.message()))
                .toList());
    }

    private static String join(String prefix, String field) {
        if (field.isEmpty()) {
            return prefix;
        }
        return field.startsWith("[") ? prefix + field : prefix + "." + field;
    }
}
