package engram.api.problem;

import engram.error.FieldError;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457).
 *
 * @param type the stable name of the sort of problem
 * @param title the sort of problem for people
 * @param status the status code
 * @param detail what happened this time
 * @param instance the path of the request; null for a part of a request
 * @param errors the offending fields; may be empty
 */
@Schema(name = "Problem", description = "A problem document (RFC 9457)")
public record Problem(
        @Schema(
                required = true,
                description = "The stable name of the sort of problem",
                examples = "urn:engram:problem:invalid-input")
        String type,

        @Schema(required = true, description = "The sort of problem", examples = "The request is invalid")
        String title,

        @Schema(required = true, description = "The status code", examples = "400", minimum = "400", maximum = "599")
        int status,

        @Schema(required = true, description = "What happened this time", examples = "k: is between 1 and 1000, not 0")
        String detail,

        @Schema(nullable = true, description = "The path of the request", examples = "/v1/spaces/world/recall")
        @Nullable
        String instance,

        @Schema(required = true, description = "The offending fields; may be empty")
        List<Field> errors) {

    /** The media type of problem documents. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final int LONGEST_DETAIL = 2_000;

    public Problem {
        errors = List.copyOf(errors);
    }

    /**
     * An offending field.
     *
     * @param field the path of the field as the client wrote it; empty where the whole request is meant
     * @param message what is wrong with it
     */
    @Schema(name = "ProblemField", description = "An offending field")
    public record Field(
            @Schema(
                    required = true,
                    description = "The path of the field; empty where the whole request is meant",
                    examples = "memories[3].tags.colour")
            String field,

            @Schema(required = true, description = "What is wrong with it", examples = "is a text, not an object")
            String message) {}

    /** A problem about fields. */
    public static Problem of(ProblemType type, List<FieldError> errors, @Nullable String instance) {
        StringBuilder detail = new StringBuilder();
        for (FieldError error : errors) {
            if (detail.length() > LONGEST_DETAIL) {
                detail.append("; …");
                break;
            }
            detail.append(detail.isEmpty() ? "" : "; ")
                    .append(error.field().isEmpty() ? error.message() : error.field() + ": " + error.message());
        }
        return new Problem(
                type.uri().toString(),
                type.title(),
                type.status(),
                detail.toString(),
                instance,
                errors.stream()
                        .map(error -> new Field(error.field(), error.message()))
                        .toList());
    }

    /** A problem that is about no field. */
    public static Problem of(ProblemType type, String detail, @Nullable String instance) {
        return new Problem(type.uri().toString(), type.title(), type.status(), detail, instance, List.of());
    }
}
