package engram.environment;

import java.time.Duration;

/** Time as it passes. Passed in, so that a test need not wait. Thread-safe. */
public interface Ticks {
    /** Nanoseconds since an arbitrary moment; never goes back. */
    long nanoTime();

    /**
     * Waits.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void sleep(Duration duration) throws InterruptedException;

    /** The system's own time. */
    static Ticks system() {
        return new Ticks() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration);
            }
        };
    }
}
