package engram.agent;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one step of learning saw.
 *
 * @param figures by the names that TensorBoard shows behind {@code train/}, such as {@code loss}, {@code loss_local},
 *     {@code loss_memory} (only with rows from shared memory), {@code gradient_norm}, {@code learning_rate}
 * @param errors the size of the temporal-difference error of every row of the local batch, for its priorities. Owned by
 *     the receiver
 * @param memoryErrors the same for the rows from shared memory; empty without any
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record LearningStep(Map<String, Double> figures, float[] errors, float[] memoryErrors) {
    /** The same where all rows of the local batch came from shared memory. */
    LearningStep ofMemoryAlone() {
        Map<String, Double> renamed = new LinkedHashMap<>(figures);
        Double loss = renamed.remove("loss_local");
        if (loss != null) {
            renamed.put("loss_memory", loss);
        }
        return new LearningStep(renamed, memoryErrors, errors);
    }
}
