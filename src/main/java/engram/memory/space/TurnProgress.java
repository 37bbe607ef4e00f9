package engram.memory.space;

import engram.error.Unavailable;
import engram.memory.Leases;
import engram.run.Progress;
import java.time.Duration;
import java.util.Map;

/**
 * The progress of work that one replica does at a time: it stops as soon as the turn is somebody else's.
 *
 * @param whole the progress of the work
 * @param turn held by this process until it is told otherwise
 */
record TurnProgress(Progress whole, Leases.Lease turn) implements Progress {
    @Override
    public void report(double fraction, String message, Map<String, Double> metrics) {
        whole.report(fraction, message, metrics);
    }

    /** @throws Unavailable if the turn is lost */
    @Override
    public void checkCancelled() {
        whole.checkCancelled();
        if (!turn.isHeld()) {
            throw new Unavailable(
                    "this replica has lost its turn, and another one may go on with the work", Duration.ofSeconds(5));
        }
    }
}
