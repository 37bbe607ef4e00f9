package engram.memory.deferred;

import engram.error.StorageFull;
import engram.error.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The one thread that writes spools. What arrives while it writes shares the next sync. */
final class SpoolWriter implements AutoCloseable {
    private static final int GROUP = 512;
    private static final int GROUP_BYTES = 8 << 20;
    /** How often it looks whether it is to end. */
    private static final int IDLE_MILLISECONDS = 100;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    SpoolWriter() {
        this.thread = Thread.ofPlatform().daemon().name("engram-spool").start(this::run);
    }

    /**
     * Writes a content.
     *
     * @return completed when it is on disk, or with {@link StorageFull} or {@link Unavailable} when nothing of it is
     */
    CompletableFuture<Void> write(SpaceSpool spool, byte[] content) {
        Request request = new Request(spool, content, new CompletableFuture<>());
        if (closed) {
            request.done.completeExceptionally(closing());
            return request.done;
        }
        requests.add(request);
        if (closed && requests.remove(request)) {
            request.done.completeExceptionally(closing());
        }
        return request.done;
    }

    private void run() {
        List<Request> group = new ArrayList<>();
        while (!(closed && requests.isEmpty())) {
            try {
                Request first = requests.poll(IDLE_MILLISECONDS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                group.add(first);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread on purpose; it goes on, for others wait for it.
                continue;
            }
            requests.drainTo(group, GROUP - 1);
            Map<SpaceSpool, List<Request>> bySpool = new LinkedHashMap<>();
            group.forEach(request -> bySpool.computeIfAbsent(request.spool, _ -> new ArrayList<>())
                    .add(request));
            bySpool.forEach(SpoolWriter::write);
            group.clear();
        }
    }

    /** Writes requests, as many together as make a moderate number of bytes. */
    private static void write(SpaceSpool spool, List<Request> requests) {
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < requests.size(); i++) {
            bytes += requests.get(i).content.length;
            if (bytes >= GROUP_BYTES || i == requests.size() - 1) {
                writeTogether(spool, requests.subList(from, i + 1));
                from = i + 1;
                bytes = 0;
            }
        }
    }

    private static void writeTogether(SpaceSpool spool, List<Request> requests) {
        try {
            spool.write(requests.stream().map(Request::content).toList());
            requests.forEach(request -> request.done.complete(null));
        } catch (IOException e) {
            RuntimeException failure = failure(spool, e);
            requests.forEach(request -> request.done.completeExceptionally(failure));
        } catch (RuntimeException e) {
            requests.forEach(request -> request.done.completeExceptionally(e));
        }
    }

    static RuntimeException failure(SpaceSpool spool, IOException cause) {
        return failure(spool.directory().toString(), cause);
    }

    static RuntimeException failure(String where, IOException cause) {
        String what = "the write cannot be kept in " + where + ": ";
        return StorageFull.isTold(cause)
                ? new StorageFull(what + "the disk is full", cause)
                : new Unavailable(what + cause.getMessage(), RETRY_AFTER, cause);
    }

    private static Unavailable closing() {
        return new Unavailable("the service is closing", RETRY_AFTER);
    }

    /** Writes what has arrived and ends. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Request(SpaceSpool spool, byte[] content, CompletableFuture<Void> done) {}
}
