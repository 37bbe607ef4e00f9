package engram.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.benchmarks.vectors.Episodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes the memories of episodes into one space over HTTP, and counts them. */
final class Ingest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int BATCH = 256;

    /** Small enough that a rate is a stream of requests and not a jolt now and then. */
    private static final int STREAMED = 32;

    private final int port;
    private final String space;
    private final Episodes episodes;
    private final AtomicInteger written;

    /** @param written how many memories the space has already */
    Ingest(int port, String space, Episodes episodes, int written) {
        this.port = port;
        this.space = space;
        this.episodes = episodes;
        this.written = new AtomicInteger(written);
    }

    /** Creates the space so that it keeps every memory and its encoder as they are. */
    void createSpace() throws IOException {
        String unlimited = "{\"capacity\":null,\"timeToLive\":null}";
        try (Connection connection = new Connection(port)) {
            connection
                    .send(
                            "PUT",
                            space,
                            MAPPER.readTree("{\"encoder\":{\"trainAfter\":0},\"tiers\":{\"stm\":" + unlimited + "}}"))
                    .expect(201);
        }
    }

    /** How many memories are in the space. */
    int written() {
        return written.get();
    }

    /** Writes until there are so many, in batches from two clients; returns memories a second. */
    double fill(int count) throws InterruptedException, ExecutionException {
        int missing = count - written.get();
        if (missing <= 0) {
            return 0;
        }
        int batches = (missing + BATCH - 1) / BATCH;
        long begin = System.nanoTime();
        new ClosedLoop(port, 2, batches)
                .run((connection, place) -> write(connection, Math.min(BATCH, missing - place * BATCH)));
        return missing / ((System.nanoTime() - begin) / 1e9);
    }

    /** Writes in small batches at a rate of memories, whatever the answers do. */
    ObjectNode stream(double perSecond, Duration duration) throws InterruptedException, ExecutionException {
        return new OpenLoop(port, 4, perSecond / STREAMED, duration)
                .run((connection, _) -> write(connection, STREAMED));
    }

    /** Single writes. */
    ObjectNode singles(int clients, int count) throws InterruptedException, ExecutionException {
        ObjectNode figures = new ClosedLoop(port, clients, count).run((connection, _) -> connection
                .send("POST", space + "/memories", next().getBytes(StandardCharsets.UTF_8))
                .expect(201));
        written.addAndGet(count);
        return figures;
    }

    private void write(Connection connection, int count) throws IOException {
        StringBuilder body = new StringBuilder("{\"memories\":[");
        for (int i = 0; i < count; i++) {
            body.append(i == 0 ? "" : ",").append(next());
        }
        body.append("]}");
        connection
                .send("POST", space + "/memories/batch", body.toString().getBytes(StandardCharsets.UTF_8))
                .expect(200);
        written.addAndGet(count);
    }

    private synchronized String next() throws IOException {
        return episodes.next();
    }
}
