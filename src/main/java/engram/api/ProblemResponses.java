package engram.api;

import engram.api.problem.Problem;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Adds to every operation the problems that it may answer with, so that none is forgotten, and how keys are shown. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemResponses implements OASFilter {
    private static final String SCHEMA = "#/components/schemas/Problem";
    private static final String BEARER = "bearer";
    private static final String HEADER = "header";

    @Override
    public void filterOpenAPI(OpenAPI document) {
        document.getComponents()
                .addSecurityScheme(
                        BEARER,
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description(
                                        "Authorization: Bearer KEY, where the service needs keys (docs/access.md)"))
                .addSecurityScheme(
                        HEADER,
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.APIKEY)
                                .in(SecurityScheme.In.HEADER)
                                .name("X-API-Key")
                                .description("The same key in a header of its own"));
        document.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(BEARER));
        document.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(HEADER));
        // A service without keys needs none.
        document.addSecurityRequirement(OASFactory.createSecurityRequirement());
        document.getPaths().getPathItems().forEach((path, item) -> item.getOperations()
                .forEach((method, operation) -> problems(path, method, operation)
                        .forEach((status, description) -> add(operation, status, description))));
    }

    private static Map<String, String> problems(String path, PathItem.HttpMethod method, Operation operation) {
        Map<String, String> problems = new LinkedHashMap<>();
        problems.put("400", "The request is invalid; errors names the fields");
        problems.put("401", "A valid key is needed");
        problems.put("403", "The key has not been granted this; errors names the field where it is about one");
        if (path.contains("{")) {
            problems.put("404", "There is no such thing");
        }
        problems.put("406", "The answer exists in none of the types that Accept names");
        if (method != PathItem.HttpMethod.GET) {
            problems.put("409", "The request contradicts what is there");
        }
        if (hasParameter(operation, "If-Match")) {
            problems.put("412", "The thing has another revision");
        }
        if (operation.getRequestBody() != null) {
            problems.put("413", "The request is larger than a limit allows");
            problems.put("415", "The body is of an unsupported type");
        }
        problems.put("429", "The key asks too often; Retry-After says when to try again");
        problems.put("500", "The service failed; the detail has an id that the log tells more under");
        problems.put("503", "The service cannot answer now; Retry-After says when to try again");
        return problems;
    }

    private static boolean hasParameter(Operation operation, String name) {
        return operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> name.equals(parameter.getName()));
    }

    private static void add(Operation operation, String status, String description) {
        APIResponse response = OASFactory.createAPIResponse()
                .description(description)
                .content(OASFactory.createContent()
                        .addMediaType(
                                Problem.MEDIA_TYPE,
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createObject(Schema.class)
                                                .ref(SCHEMA))));
        if (status.equals("401")) {
            response.addHeader(
                    "WWW-Authenticate",
                    OASFactory.createHeader()
                            .description("How to show a key")
                            .schema(OASFactory.createSchema().addType(Schema.SchemaType.STRING)));
        }
        if (status.equals("503") || status.equals("429")) {
            response.addHeader(
                    "Retry-After",
                    OASFactory.createHeader()
                            .description("Seconds")
                            .schema(OASFactory.createSchema().addType(Schema.SchemaType.INTEGER)));
        }
        operation.getResponses().addAPIResponse(status, response);
    }
}
