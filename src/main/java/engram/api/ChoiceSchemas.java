package engram.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

/**
 * Lets a schema that is a choice between others be what they are: the generator writes beside the choice that it is an
 * object, which null, texts and numbers are not.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ChoiceSchemas implements OASFilter {
    @Override
    public Schema filterSchema(Schema schema) {
        if (schema.getAnyOf() != null && List.of(SchemaType.OBJECT).equals(schema.getType())) {
            schema.setType(null);
        }
        return schema;
    }
}
