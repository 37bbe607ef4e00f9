package engram.benchmarks.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that send their next request when they have the answer to the last: what so many callers that wait for each
 * other get. While an answer is slow nothing else is asked, so slow moments count little; {@link OpenLoop} has them
 * count in full.
 */
record ClosedLoop(int port, int clients, int requests) {
    /** Sends all requests, and tells how many a second there were and how long they took. */
    ObjectNode run(Request request) throws InterruptedException, ExecutionException {
        Latencies latencies = new Latencies();
        AtomicInteger next = new AtomicInteger();
        long begin = System.nanoTime();
        Clients.run(port, clients, connection -> {
            for (int place = next.getAndIncrement(); place < requests; place = next.getAndIncrement()) {
                long start = System.nanoTime();
                request.send(connection, place);
                latencies.record(System.nanoTime() - start);
            }
        });
        double seconds = (System.nanoTime() - begin) / 1e9;
        return latencies.summary().put("clients", clients).put("perSecond", requests / seconds);
    }
}
