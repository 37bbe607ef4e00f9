package engram.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.NotFound;
import engram.error.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Executes long jobs on a few platform threads of its own, tells how far they are, stops them on request and remembers
 * them across restarts. Cancelling is cooperative: a job stops at its next {@link Progress#checkCancelled()}; threads
 * are never interrupted, because an interrupt closes files that others share. Thread-safe.
 *
 * <pre>{@code
 * try (Runs runs = new Runs(directory, RunSettings.defaults(), Clock.systemUTC(), () -> UUID.randomUUID().toString())) {
 *     Run run = runs.submit("encoder-training", "world", progress -> train(progress));
 *     runs.get(run.id()).progress();
 * }
 * }</pre>
 */
public final class Runs implements AutoCloseable {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final String STOPPING = "no run is accepted while the service stops";

    private final RunSettings settings;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final RunFiles files;
    private final ThreadPoolExecutor executor;
    private final ConcurrentMap<String, Execution> byId = new ConcurrentHashMap<>();
    private final ConcurrentNavigableMap<Run.Position, Execution> byPosition = new ConcurrentSkipListMap<>();
    private volatile boolean closed;

    /**
     * Opens the runs of a directory. Runs that a former process left unfinished become failed.
     *
     * @param directory where the history is kept, one file a run; created if absent
     * @param settings the limits
     * @param clock tells the time of every change
     * @param ids a new id each time, of letters, digits, {@code -} and {@code _}
     * @throws Unavailable if the directory cannot be used
     */
    public Runs(Path directory, RunSettings settings, InstantSource clock, Supplier<String> ids) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.ids = Objects.requireNonNull(ids, "ids");
        this.files = new RunFiles(directory);
        for (Run run : files.readAll()) {
            keep(new Execution(recovered(run), Runs::nothing, clock, files, this::prune));
        }
        prune();
        executor = new ThreadPoolExecutor(
                settings.threads(),
                settings.threads(),
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(settings.queued()),
                Thread.ofPlatform().daemon().name("engram-run-", 0).factory());
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Puts a job in the queue.
     *
     * @param kind what sort of job, such as {@code encoder-training}
     * @param subject what it works on; empty where there is no one thing
     * @return the run as it is queued
     * @throws Unavailable if the queue is full or the runs are closed
     */
    public Run submit(String kind, String subject, Job job) {
        if (closed) {
            throw new Unavailable(STOPPING, RETRY_AFTER);
        }
        Instant created = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Run run = new Run(
                ids.get(), kind, subject, Run.Status.QUEUED, 0, "", new TreeMap<>(), null, null, created, null, null);
        Execution execution = new Execution(run, Objects.requireNonNull(job, "job"), clock, files, this::prune);
        if (byId.putIfAbsent(run.id(), execution) != null) {
            throw new IllegalStateException("the id " + run.id() + " was given twice");
        }
        files.write(run);
        byPosition.put(run.position(), execution);
        try {
            executor.execute(execution);
        } catch (RejectedExecutionException e) {
            forget(execution);
            String why = closed
                    ? STOPPING
                    : settings.queued()
                            + " runs are waiting already; try again later or raise the limit of queued runs";
            throw new Unavailable(why, RETRY_AFTER, e);
        }
        return run;
    }

    /**
     * A run as it is now.
     *
     * @throws NotFound if there is no such run, or no longer
     */
    public Run get(String id) {
        return execution(id).snapshot();
    }

    /**
     * A page of runs, newest first.
     *
     * @param which the runs that count
     * @param after the place of the last run of the page before, null for the first page
     * @param limit how many at most, at least 1
     */
    public Page list(Predicate<Run> which, Run.@Nullable Position after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page has at least one place, not " + limit);
        }
        ConcurrentNavigableMap<Run.Position, Execution> newestFirst = byPosition.descendingMap();
        List<Run> page = new ArrayList<>();
        for (Execution execution : (after == null ? newestFirst : newestFirst.tailMap(after, false)).values()) {
            Run run = execution.snapshot();
            if (which.test(run)) {
                if (page.size() == limit) {
                    return new Page(page, page.getLast().position());
                }
                page.add(run);
            }
        }
        return new Page(page, null);
    }

    /**
     * Asks a run to stop. One that waits in the queue is cancelled when this returns; one that executes stops at its
     * next check; one that has ended stays as it is.
     *
     * @return the run as it is after the request
     * @throws NotFound if there is no such run
     */
    public Run cancel(String id) {
        Execution execution = execution(id);
        execution.cancel();
        // A cancelled run that stays in the executor's queue would keep its place from others.
        executor.remove(execution);
        return execution.snapshot();
    }

    /**
     * Watches a run. The listener is told the present snapshot before this returns, then every later one in order, the
     * final one last. It is called by the thread of the run and must return promptly; one that throws is removed.
     *
     * @return ends the watching when closed
     * @throws NotFound if there is no such run
     */
    public Subscription subscribe(String id, Consumer<Run> listener) {
        Runnable end = execution(id).watch(listener);
        return end::run;
    }

    /** Cancels every run, waits a bounded time for them to stop, and accepts no more. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        byId.values().forEach(Execution::cancel);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(settings.closeWithin().toMillis(), TimeUnit.MILLISECONDS)) {
                byId.values()
                        .forEach(execution -> execution.abandon(
                                new Run.Problem("Interrupted", "the service stopped before the run did")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A page of runs.
     *
     * @param runs newest first
     * @param next where the next page begins, null after the last one
     */
    public record Page(List<Run> runs, Run.@Nullable Position next) {
        public Page {
            runs = List.copyOf(runs);
        }
    }

    /** Ends the watching of a run. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    private Execution execution(String id) {
        Execution execution = byId.get(id);
        if (execution == null) {
            throw new NotFound("run", id);
        }
        return execution;
    }

    private Run recovered(Run run) {
        if (run.status().isFinal()) {
            return run;
        }
        Run.Problem problem = new Run.Problem("Interrupted", "the run was interrupted by a restart");
        Run failed = run.failed(problem, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        files.write(failed);
        return failed;
    }

    private void keep(Execution execution) {
        Run run = execution.snapshot();
        byId.put(run.id(), execution);
        byPosition.put(run.position(), execution);
    }

    private void prune(Execution finished) {
        prune();
    }

    private synchronized void prune() {
        long excess = byPosition.values().stream()
                        .filter(execution -> execution.snapshot().status().isFinal())
                        .count()
                - settings.kept();
        Iterator<Execution> oldestFirst = byPosition.values().iterator();
        while (excess > 0 && oldestFirst.hasNext()) {
            Execution execution = oldestFirst.next();
            if (execution.snapshot().status().isFinal()) {
                forget(execution);
                excess--;
            }
        }
    }

    private void forget(Execution execution) {
        Run run = execution.snapshot();
        byId.remove(run.id());
        byPosition.remove(run.position());
        files.delete(run.id());
    }

    private static ObjectNode nothing(Progress progress) {
        return JsonNodeFactory.instance.objectNode();
    }
}
