package engram.api;

import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Tags in the OpenAPI document. */
@Schema(
        name = "Tags",
        type = SchemaType.OBJECT,
        nullable = true,
        additionalProperties = Tags.Value.class,
        description = "Texts, numbers and booleans by name")
interface Tags {
    /** The value of a tag. */
    @Schema(
            name = "TagValue",
            description = "A text, a number or a boolean",
            anyOf = {String.class, Double.class, Boolean.class})
    interface Value {}
}
