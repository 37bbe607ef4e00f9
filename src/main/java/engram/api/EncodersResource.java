package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.error.InvalidInput;
import engram.memory.space.EncoderVersions;
import engram.memory.space.Spaces;
import engram.run.Run;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The encoder versions of a space. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Encoders", description = "Training and changing what turns states into embeddings")
class EncodersResource {
    private final Spaces spaces;

    EncodersResource(Spaces spaces) {
        this.spaces = spaces;
    }

    @GET
    @Path("spaces/{space}/encoders")
    @Operation(operationId = "listEncoders", summary = "The encoder versions of a space, oldest first")
    public EncoderList list(@Parameter(description = Parameters.SPACE) @PathParam("space") String space) {
        return new EncoderList(spaces.open(space).encoders().list().stream()
                .map(EncoderView::of)
                .toList());
    }

    @POST
    @Path("spaces/{space}/encoders")
    @Operation(
            operationId = "trainEncoder",
            summary = "Train a version on the states of the space",
            description =
                    "The run reports the reconstruction error of every tier and the share of true neighbours that each"
                            + " resolution keeps, beside principal components of the same width, and activates the version if it is"
                            + " not worse than the active one.")
    @RequestBody(
            required = false,
            content =
                    @Content(
                            schema =
                                    @Schema(
                                            type = SchemaType.OBJECT,
                                            description =
                                                    "What differs this time from the encoder settings of the space (docs/encoders.md)",
                                            examples =
                                                    "{\"activation\":\"always\",\"training\":{\"epochs\":20,\"seed\":7}}")))
    @APIResponse(
            responseCode = "202",
            description = "The run",
            content = @Content(schema = @Schema(implementation = RunView.class)),
            headers =
                    @Header(
                            name = "Location",
                            description = "The path of the run",
                            schema = @Schema(implementation = String.class)))
    public Response train(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String space, @Nullable JsonNode body) {
        JsonNode overrides = body == null ? JsonNodeFactory.instance.objectNode() : body;
        if (!overrides.isObject()) {
            throw new InvalidInput("", "the settings of a training are an object");
        }
        Findings findings = new Findings();
        findings.requireFinite(overrides, "");
        findings.throwIfAny();
        return accepted(spaces.open(space).encoders().train(overrides));
    }

    @POST
    @Path("spaces/{space}/encoders/{version}/activation")
    @Operation(
            operationId = "activateEncoder",
            summary = "Change to a version",
            description =
                    "The run embeds every memory anew in the background and then changes over at once; recall keeps"
                            + " answering meanwhile, each answer from one version.")
    @APIResponse(
            responseCode = "202",
            description = "The run",
            content = @Content(schema = @Schema(implementation = RunView.class)),
            headers =
                    @Header(
                            name = "Location",
                            description = "The path of the run",
                            schema = @Schema(implementation = String.class)))
    public Response activate(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String space,
            @Parameter(
                            description = "The number of the version",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "0"))
                    @PathParam("version")
                    String version) {
        int number = QueryParameters.integer("version", version, 0, 0, Integer.MAX_VALUE);
        return accepted(spaces.open(space).encoders().activate(number));
    }

    private static Response accepted(Run run) {
        return Response.accepted(RunView.of(run))
                .header(HttpHeaders.LOCATION, Locations.run(run.id()))
                .build();
    }

    /** Encoder versions. */
    @Schema(name = "EncoderList", description = "Encoder versions")
    record EncoderList(
            @Schema(required = true, description = "The versions, oldest first")
            List<EncoderView> items) {}

    /** An encoder version. */
    @Schema(name = "Encoder", description = "An encoder version")
    record EncoderView(
            @Schema(
                    required = true,
                    minimum = "0",
                    description = "Its number; 0 is the projection that needs no training")
            int version,

            @Schema(
                    required = true,
                    enumeration = {"random-projection", "autoencoder"},
                    description = "What it is")
            String type,

            @Schema(required = true, description = "Whether it embeds the space now")
            boolean active,

            @Schema(required = true, description = "Whether its file can be used")
            boolean intact,

            @Schema(
                    required = true,
                    implementation = Object.class,
                    type = SchemaType.OBJECT,
                    description = "How it was trained and how good it is")
            JsonNode description) {
        static EncoderView of(EncoderVersions.EncoderVersion version) {
            return new EncoderView(
                    version.version(), version.type(), version.active(), version.intact(), version.description());
        }
    }
}
