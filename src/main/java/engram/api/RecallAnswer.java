package engram.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import engram.memory.space.Recalled;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The answer to a recall. */
@Schema(name = "Recalled", description = "The answer to a recall")
record RecallAnswer(
        @Schema(required = true, description = "Best first") List<Match> matches,

        @Schema(
                required = true,
                minimum = "0",
                description = "The version of the encoder whose vectors were compared; all matches are of this one")
        int encoder,

        @Schema(required = true, description = "Whether every candidate was compared")
        boolean exact,

        @Schema(required = true, description = "What of the query found no place of its own among the features")
        List<RemarkView> remarks) {

    /** One match. */
    @Schema(name = "Match", description = "One match")
    record Match(
            @Schema(required = true, description = "The id of the memory")
            String id,

            @Schema(
                    required = true,
                    minimum = "0",
                    maximum = "1",
                    description = "How like the query it is; 1 is identical. Comparable between tiers")
            double score,

            @Schema(
                    required = true,
                    minimum = "0",
                    maximum = "1",
                    description = "What matches are ordered by: the score, unless the request has a rank")
            double rank,

            @Schema(
                    required = true,
                    enumeration = {"STM", "IM", "LTM"},
                    description = "The tier it was found in")
            String tier,

            @Schema(implementation = MemoryDocument.class, description = "The memory, unless only ids were asked for")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            MemoryView memory) {}

    static RecallAnswer of(Recalled recalled, boolean idsOnly) {
        return new RecallAnswer(
                recalled.matches().stream()
                        .map(match -> new Match(
                                match.memory().id(),
                                match.similarity(),
                                match.rank(),
                                match.memory().tier().name(),
                                idsOnly ? null : new MemoryView(match.memory())))
                        .toList(),
                recalled.encoder().number(),
                recalled.exact(),
                RemarkView.of(recalled.remarks()));
    }
}
