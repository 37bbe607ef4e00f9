package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import engram.error.TooLarge;
import engram.memory.Modality;
import engram.memory.space.Embedding;
import engram.memory.space.Query;
import engram.memory.space.Recall;
import engram.memory.space.Recalled;
import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.service.Observations;
import engram.service.ServiceSettings;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Similarity search, and the embeddings it works with. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Recall", description = "Finding similar memories")
class RecallResource {
    private final Spaces spaces;
    private final Filters filters;
    private final Observations observations;
    private final RequestAccess access;
    private final ServiceSettings.Limits limits;

    RecallResource(
            Spaces spaces, Filters filters, Observations observations, RequestAccess access, ServiceSettings settings) {
        this.access = access;
        this.spaces = spaces;
        this.observations = observations;
        this.filters = filters;
        this.limits = settings.limits();
    }

    @POST
    @Path("spaces/{space}/recall")
    @Operation(
            operationId = "recall",
            summary = "Find similar memories",
            description = "The nearest memories of one or several tiers, with scores that are comparable between tiers."
                    + " Every memory that is returned counts as recalled.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = RecallRequest.class)))
    public RecallAnswer recall(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name, @Nullable RecallRequest body) {
        Space space = spaces.open(name);
        Recall recall = RecallReader.read(name, body, limits, filters);
        if (recall.query() instanceof Query.LikeMemory like) {
            access.requireReadable(space, like.id());
        }
        Recalled recalled = observations.recall(name, recall.k(), () -> space.recall(recall));
        return RecallAnswer.of(recalled, body != null && "ids".equals(body.include()));
    }

    @POST
    @Path("spaces/{space}/embeddings")
    @Operation(
            operationId = "embed",
            summary = "The embeddings of states or texts",
            description = "Nothing is stored. Exactly one of state, states, text and texts.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = EmbeddingsRequest.class)))
    public EmbeddingsAnswer embed(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Nullable EmbeddingsRequest body) {
        Space space = spaces.open(name);
        if (body == null) {
            throw new InvalidInput("", EmbeddingsRequest.ONE_FORM);
        }
        if (body.forms() != 1) {
            throw new InvalidInput("", EmbeddingsRequest.ONE_FORM);
        }
        if (body.isTexts()) {
            List<String> texts = body.allTexts();
            requireSize("texts", texts.size());
            return EmbeddingsAnswer.of(
                    space.embedTexts(texts), space.activeEncoder(Modality.TEXT).number());
        }
        List<JsonNode> states = body.allStates();
        requireSize("states", states.size());
        return EmbeddingsAnswer.of(
                states(space, states, body), space.activeEncoder(Modality.STATE).number());
    }

    private static List<Embedding> states(Space space, List<JsonNode> states, EmbeddingsRequest body) {
        try {
            return space.embedStates(states);
        } catch (InvalidInput e) {
            throw body.renamed(e);
        }
    }

    private void requireSize(String field, int size) {
        if (size == 0) {
            throw new InvalidInput(field, "must not be empty");
        }
        if (size > limits.batchSize()) {
            throw new TooLarge(
                    field, "at most " + limits.batchSize() + " at once (engram.limits.batch-size), not " + size);
        }
    }
}
