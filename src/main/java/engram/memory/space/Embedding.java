package engram.memory.space;

import engram.feature.Remark;
import java.util.List;

/**
 * One state or text at the three resolutions.
 *
 * @param full 384 numbers; this array and the others belong to whoever asked
 * @param compressed 128 numbers
 * @param abstracted 32 numbers
 * @param remarks what of the state found no slot of its own among the features
 */
@SuppressWarnings("ArrayRecordComponent")
public record Embedding(float[] full, float[] compressed, float[] abstracted, List<Remark> remarks) {
    public Embedding {
        remarks = List.copyOf(remarks);
    }
}
