package engram.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import engram.memory.space.Embedding;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Embeddings. */
@Schema(name = "Embeddings", description = "Embeddings, in the order of the request")
record EmbeddingsAnswer(
        @Schema(required = true, description = "One for each state or text")
        List<Vectors> embeddings,

        @Schema(required = true, minimum = "0", description = "The version of the encoder that made them")
        int encoder) {

    /** One embedding at the three resolutions. */
    @Schema(name = "Embedding", description = "One embedding at the three resolutions")
    @SuppressWarnings("ArrayRecordComponent") // Written once, never compared.
    record Vectors(
            @Schema(required = true, description = "384 numbers, the vector of STM")
            float[] full,

            @Schema(required = true, description = "128 numbers, the vector of IM")
            float[] compressed,

            @JsonProperty("abstract")
            @Schema(required = true, name = "abstract", description = "32 numbers, the vector of LTM")
            float[] abstracted,

            @Schema(required = true, description = "What of the state found no place of its own among the features")
            List<RemarkView> remarks) {}

    static EmbeddingsAnswer of(List<Embedding> embeddings, int encoder) {
        return new EmbeddingsAnswer(
                embeddings.stream()
                        .map(embedding -> new Vectors(
                                embedding.full(),
                                embedding.compressed(),
                                embedding.abstracted(),
                                RemarkView.of(embedding.remarks())))
                        .toList(),
                encoder);
    }
}
