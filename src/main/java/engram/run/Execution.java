package engram.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.EngramException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * One run while this process knows it: its latest snapshot, those who watch it and, until it has ended, its job. The
 * lock of the object orders the snapshots, so that watchers and the record see them in the order they were made.
 */
final class Execution implements Progress, Runnable {
    private static final System.Logger LOG = System.getLogger(Execution.class.getName());
    private static final int LONGEST_DETAIL = 500;

    private final Job job;
    private final InstantSource clock;
    private final RunFiles files;
    private final Consumer<Execution> whenFinished;
    private final List<Consumer<Run>> listeners = new CopyOnWriteArrayList<>();
    private volatile Run run;
    private volatile boolean cancelled;

    Execution(Run run, Job job, InstantSource clock, RunFiles files, Consumer<Execution> whenFinished) {
        this.run = run;
        this.job = job;
        this.clock = clock;
        this.files = files;
        this.whenFinished = whenFinished;
    }

    Run snapshot() {
        return run;
    }

    /** Shows the latest snapshot and every later one. */
    synchronized Runnable watch(Consumer<Run> listener) {
        if (!run.status().isFinal()) {
            listeners.add(listener);
        }
        tell(listener, run);
        return () -> listeners.remove(listener);
    }

    /** Asks the job to stop; one that has not begun ends here. */
    void cancel() {
        cancelled = true;
        synchronized (this) {
            if (run.status() != Run.Status.QUEUED) {
                return;
            }
            advance(run.cancelled(now()));
        }
        whenFinished.accept(this);
    }

    @Override
    public void run() {
        synchronized (this) {
            if (run.status() != Run.Status.QUEUED) {
                return;
            }
            advance(run.started(now()));
        }
        Run ended = end();
        synchronized (this) {
            if (run.status().isFinal()) {
                return;
            }
            advance(withLatestReport(ended));
        }
        whenFinished.accept(this);
    }

    /** Ends a run whose job did not stop in time. */
    void abandon(Run.Problem problem) {
        synchronized (this) {
            if (run.status().isFinal()) {
                return;
            }
            advance(run.failed(problem, now()));
        }
        whenFinished.accept(this);
    }

    @Override
    public synchronized void report(double fraction, String message, Map<String, Double> metrics) {
        if (run.status() == Run.Status.RUNNING) {
            run = run.reported(fraction, message, metrics);
            listeners.forEach(listener -> tell(listener, run));
        }
    }

    @Override
    public void checkCancelled() {
        if (cancelled) {
            throw new CancellationException("run " + run.id() + " was cancelled");
        }
    }

    private Run end() {
        try {
            checkCancelled();
            ObjectNode result = job.execute(this);
            return run.succeeded(result, now());
        } catch (Throwable e) {
            if (cancelled && isCancellation(e)) {
                return run.cancelled(now());
            }
            if (!(e instanceof EngramException)) {
                LOG.log(System.Logger.Level.ERROR, "run " + run.id() + " (" + run.kind() + ") failed unexpectedly", e);
            }
            return run.failed(problemOf(e), now());
        }
    }

    /** A job may have threads of its own that report while it returns. */
    private Run withLatestReport(Run ended) {
        return new Run(
                ended.id(),
                ended.kind(),
                ended.subject(),
                ended.status(),
                ended.status() == Run.Status.SUCCEEDED ? 1 : run.progress(),
                run.message(),
                run.metrics(),
                ended.result(),
                ended.problem(),
                ended.created(),
                ended.started(),
                ended.finished());
    }

    private void advance(Run next) {
        run = next;
        files.write(next);
        listeners.forEach(listener -> tell(listener, next));
        if (next.status().isFinal()) {
            listeners.clear();
        }
    }

    private void tell(Consumer<Run> listener, Run snapshot) {
        try {
            listener.accept(snapshot);
        } catch (RuntimeException e) {
            listeners.remove(listener);
            LOG.log(System.Logger.Level.DEBUG, "a listener of run " + snapshot.id() + " failed and was removed", e);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static boolean isCancellation(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CancellationException) {
                return true;
            }
        }
        return false;
    }

    private static Run.Problem problemOf(Throwable failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        if (failure instanceof EngramException) {
            String name = failure.getClass().getSimpleName();
            String words = name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
            return new Run.Problem(Character.toUpperCase(words.charAt(0)) + words.substring(1), message);
        }
        String firstLine = message.lines().findFirst().orElse("no message");
        String detail = failure.getClass().getSimpleName() + ": " + firstLine;
        return new Run.Problem(
                "Internal error",
                detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL) + "…" : detail);
    }
}
