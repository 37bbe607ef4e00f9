package engram.memory.space;

import engram.run.Progress;
import java.util.Map;

/**
 * The progress of a part of a job, within that of the whole.
 *
 * @param whole the whole job's
 * @param from the fraction of the whole at which the part begins
 * @param to the fraction of the whole at which it ends
 */
record PartOfProgress(Progress whole, double from, double to) implements Progress {
    @Override
    public void report(double fraction, String message, Map<String, Double> metrics) {
        whole.report(from + (to - from) * fraction, message, metrics);
    }

    @Override
    public void checkCancelled() {
        whole.checkCancelled();
    }
}
