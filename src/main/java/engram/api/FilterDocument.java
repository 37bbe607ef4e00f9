package engram.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A filter in the OpenAPI document; {@link engram.memory.FilterParser} reads it. */
@Schema(
        name = "Filter",
        description = "A condition on memories: exactly one of and, or, not, or a field with its comparison",
        additionalProperties = Schema.False.class,
        examples =
                "{\"and\":[{\"field\":\"agent\",\"eq\":\"forager-1\"},{\"field\":\"payload.state.health\",\"gte\":50}]}")
record FilterDocument(
        @Schema(description = "All of these hold") @Nullable List<FilterDocument> and,

        @Schema(description = "At least one of these holds") @Nullable
        List<FilterDocument> or,

        @Schema(description = "This does not hold") @Nullable
        FilterDocument not,

        @Schema(
                description = "agent, kind, tier, step, time, tags.NAME or payload.PATH",
                examples = "payload.state.health")
        @Nullable
        String field,

        @Schema(implementation = Object.class, description = "The field has this value") @Nullable
        Object eq,

        @Schema(description = "The field has one of these values") @Nullable
        List<Object> in,

        @Schema(implementation = Object.class, description = "The field is greater: a number, or a time of RFC 3339")
        @Nullable
        Object gt,

        @Schema(implementation = Object.class, description = "The field is at least this") @Nullable
        Object gte,

        @Schema(implementation = Object.class, description = "The field is less") @Nullable
        Object lt,

        @Schema(implementation = Object.class, description = "The field is at most this") @Nullable
        Object lte,

        @Schema(description = "The field holds this text") @Nullable
        String contains,

        @Schema(description = "Whether contains disregards case; false where it is absent")
        @JsonProperty("ignoreCase")
        @Nullable
        Boolean ignoreCase,

        @Schema(description = "Whether the field is there at all") @Nullable
        Boolean exists) {}
