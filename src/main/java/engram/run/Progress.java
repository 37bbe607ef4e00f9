package engram.run;

import java.util.Map;

/** How a long job tells how far it is, and learns that it should stop. Used by the job's own thread. */
public interface Progress {
    /**
     * Reports a step forward.
     *
     * @param fraction of the whole job that is done, in [0,1]
     * @param message one line for a person
     * @param metrics named figures as they are now; they replace earlier figures of the same name
     */
    void report(double fraction, String message, Map<String, Double> metrics);

    /**
     * Stops the job here when someone has cancelled it. Long loops call this at least once a second.
     *
     * @throws java.util.concurrent.CancellationException if the run was cancelled
     */
    void checkCancelled();

    /** A progress nobody watches and nobody cancels. */
    static Progress unobserved() {
        return new Progress() {
            @Override
            public void report(double fraction, String message, Map<String, Double> metrics) {}

            @Override
            public void checkCancelled() {}
        };
    }
}
