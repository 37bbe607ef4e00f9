package engram.benchmarks.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at a fixed rate whatever the answers do, as from users who know nothing of each other. A latency counts from
 * when the request was due, not from when a connection was free to send it: otherwise a pause of the service would count
 * once and not for everybody who came during it (coordinated omission; Tene, "How not to measure latency", 2013).
 *
 * @param connections as many requests can be on their way at once; further ones wait, and their waiting counts
 */
record OpenLoop(int port, int connections, double perSecond, Duration duration) {
    /** Sends all requests, and tells how long they took counted from when they were due, and from when they were sent. */
    ObjectNode run(Request request) throws InterruptedException, ExecutionException {
        Latencies latencies = new Latencies();
        Latencies sinceSent = new Latencies();
        AtomicInteger next = new AtomicInteger();
        int requests = Math.max(1, (int) (perSecond * duration.toNanos() / 1e9));
        double interval = 1e9 / perSecond;
        long begin = System.nanoTime();
        Clients.run(port, connections, connection -> {
            for (int place = next.getAndIncrement(); place < requests; place = next.getAndIncrement()) {
                long due = begin + (long) (place * interval);
                awaitTime(due);
                long sent = System.nanoTime();
                request.send(connection, place);
                long answered = System.nanoTime();
                latencies.record(answered - due);
                sinceSent.record(answered - sent);
            }
        });
        double seconds = (System.nanoTime() - begin) / 1e9;
        ObjectNode figures = latencies.summary();
        figures.put("connections", connections)
                .put("wantedPerSecond", perSecond)
                .put("perSecond", requests / seconds)
                .put("p99SinceSent", sinceSent.summary().get("p99").doubleValue());
        figures.set("curve", latencies.curve());
        return figures;
    }

    private static void awaitTime(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
