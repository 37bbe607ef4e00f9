package engram.tensor;

import engram.error.Unavailable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets threads into native code until it is closed, and then waits for those that are inside: a process that ends takes
 * PyTorch apart, and a thread that still computes crashes it. Thread-safe.
 */
final class Gate {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Goes in; {@link #leave} must follow.
     *
     * @throws Unavailable if the gate is closed
     */
    void enter() {
        // Counted before the gate is looked at, so that whoever closes it sees everyone who found it open.
        inside.incrementAndGet();
        if (closed) {
            leave();
            throw new Unavailable("PyTorch is not used any more: the process is about to end", RETRY_AFTER);
        }
    }

    void leave() {
        if (inside.decrementAndGet() == 0 && closed) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /**
     * Lets nobody in any more and waits for those inside.
     *
     * @param within how long at most
     * @return whether all have left
     */
    synchronized boolean close(Duration within) {
        closed = true;
        long end = System.nanoTime() + within.toNanos();
        try {
            while (inside.get() > 0) {
                long left = Math.ceilDiv(end - System.nanoTime(), 1_000_000L);
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return inside.get() == 0;
        }
    }
}
