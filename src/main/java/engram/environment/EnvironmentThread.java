package engram.environment;

import engram.error.InvalidInput;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one platform thread on which an environment that is not trusted runs. Whoever calls waits no longer than it said; a
 * call that does not come back is left to itself with its thread.
 */
final class EnvironmentThread {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("environment").factory());

    /**
     * Runs {@code call} on the thread.
     *
     * @throws Fault if it throws, or does not come back in time
     * @throws InvalidInput if it throws that: the caller's mistake, not the environment's
     * @throws InterruptedException if the calling thread is interrupted; the call may still be running
     */
    <T> T call(String what, Callable<T> call, Duration timeout) throws Fault, InterruptedException {
        Future<T> future = thread.submit(call);
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new Fault(Fault.Kind.TIMEOUT, what + " took longer than " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof InvalidInput mistake) {
                throw mistake;
            }
            throw new Fault(Fault.Kind.CRASH, what + " failed: " + cause, e);
        }
    }

    /** Closes {@code environment}, if there is one, after whatever still runs, then ends the thread. Returns at once. */
    void abandon(Supplier<@Nullable Environment> environment) {
        thread.execute(() -> {
            try {
                Environment left = environment.get();
                if (left != null) {
                    left.close();
                }
            } catch (Throwable failure) {
                // It has been given up already, and why is known.
                return;
            }
        });
        thread.shutdown();
    }

    /** After {@link #abandon}: waits a moment for the end. */
    void await(Duration timeout) throws InterruptedException {
        boolean ignored = thread.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** After {@link #abandon}: whether something still runs. */
    boolean isAlive() {
        return !thread.isTerminated();
    }
}
