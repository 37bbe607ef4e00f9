package engram.service.agents;

import engram.error.Unavailable;
import engram.run.Progress;
import java.time.Duration;
import java.util.Map;

/** The progress of a request that waits for nothing: where a run would tell that it has to wait, this ends the work. */
final class ImpatientProgress implements Progress {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** @throws Unavailable with the message */
    @Override
    public void report(double fraction, String message, Map<String, Double> metrics) {
        throw new Unavailable(message, RETRY_AFTER);
    }

    @Override
    public void checkCancelled() {}
}
