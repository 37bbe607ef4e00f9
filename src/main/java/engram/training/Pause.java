package engram.training;

import engram.run.Progress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Holds a training and lets it go on. Thread-safe. */
public final class Pause {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean held;

    /** Holds the training at its next step. */
    public void hold() {
        set(true);
    }

    /** Lets it go on. */
    public void release() {
        set(false);
    }

    /** Whether it is held. */
    public boolean held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits as long as it is held.
     *
     * @throws java.util.concurrent.CancellationException if the run was cancelled
     */
    void await(Progress progress) {
        progress.checkCancelled();
        lock.lock();
        try {
            while (held) {
                boolean signalled = changed.await(200, TimeUnit.MILLISECONDS);
                if (!signalled) {
                    progress.checkCancelled();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void set(boolean value) {
        lock.lock();
        try {
            held = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
