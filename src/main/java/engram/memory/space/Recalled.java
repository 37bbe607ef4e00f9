package engram.memory.space;

import engram.feature.Remark;
import engram.memory.EmbeddingVersion;
import engram.memory.Memory;
import java.util.List;

/**
 * The answer to a recall.
 *
 * @param matches best first
 * @param encoder the one version whose vectors were compared
 * @param exact whether every candidate was compared
 * @param remarks what of the query found no slot of its own among the features
 */
public record Recalled(List<Match> matches, EmbeddingVersion encoder, boolean exact, List<Remark> remarks) {
    public Recalled {
        matches = List.copyOf(matches);
        remarks = List.copyOf(remarks);
    }

    /**
     * One match.
     *
     * @param memory what was found
     * @param similarity how like the query it is, in [0,1]; 1 is identical
     * @param rank what it was ordered by, in [0,1]; the similarity unless a ranking was asked for
     */
    public record Match(Memory memory, double similarity, double rank) {}
}
