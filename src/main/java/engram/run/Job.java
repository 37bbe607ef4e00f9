package engram.run;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a run does. It works on one platform thread of the runs and may take hours. */
@FunctionalInterface
public interface Job {
    /**
     * Does the work.
     *
     * @param progress where to report, and where to learn that the run was cancelled
     * @return the result, owned by the run from now on
     * @throws java.util.concurrent.CancellationException out of {@link Progress#checkCancelled()}, which ends the run as
     *     cancelled
     * @throws Exception to end the run as failed; the message of an {@link engram.error.EngramException} is shown to the
     *     client as it is
     */
    ObjectNode execute(Progress progress) throws Exception;
}
