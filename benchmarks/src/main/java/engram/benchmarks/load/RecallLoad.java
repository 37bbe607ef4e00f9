package engram.benchmarks.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Recalls of one space by states of other episodes: how good and how fast they are. */
final class RecallLoad {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int CONNECTIONS = 16;

    /** How often each query is asked before it is measured: the JVM compiles for thousands of requests. */
    private static final int WARMING = 3;

    private static final int FIRST_REQUESTS = 10_000;

    private final int port;
    private final String space;
    private final List<String> states;

    /** @param states the queries, JSON each */
    RecallLoad(int port, String space, List<String> states) {
        this.port = port;
        this.space = space;
        this.states = states;
    }

    /** What selects which memories. */
    enum Selection {
        /** Every memory. */
        ALL("100", ""),
        /** One of four, those of one kind of agent, which also lie together. */
        EXPLORERS("25", "{\"field\":\"payload.state.agent_type\",\"eq\":\"explorer\"}"),
        /** One of ten, all over the space. */
        TENTH("10", "{\"field\":\"tags.sample\",\"lt\":10}"),
        /** One of a hundred, all over the space. */
        HUNDREDTH("1", "{\"field\":\"tags.sample\",\"eq\":0}");

        private final String share;
        private final String filter;

        Selection(String share, String filter) {
            this.share = share;
            this.filter = filter;
        }

        /** The share of the memories in percent. */
        String share() {
            return share;
        }

        private String member() {
            return filter.isEmpty() ? "" : ",\"filter\":" + filter;
        }
    }

    /** What any request costs on this machine now, beside which the others are to be seen. */
    ObjectNode floor(int requests) throws InterruptedException, ExecutionException {
        Request request = (connection, _) -> connection.get(space).expect(200);
        new ClosedLoop(port, 1, requests).run(request);
        return new ClosedLoop(port, 1, requests).run(request);
    }

    /** Asks until the JVM has compiled what recalls need, so that the first measurement is no worse than the others. */
    void warmUp() throws InterruptedException, ExecutionException {
        new ClosedLoop(port, 2, FIRST_REQUESTS).run(request(10, Selection.ALL));
    }

    /** So many waiting clients that ask every query once, after warming up. */
    ObjectNode closed(int clients, int k, Selection selection) throws InterruptedException, ExecutionException {
        Request request = request(k, selection);
        new ClosedLoop(port, clients, WARMING * states.size()).run(request);
        return new ClosedLoop(port, clients, states.size()).run(request);
    }

    /** Recalls of ten at a fixed rate. */
    ObjectNode open(double perSecond, Duration duration) throws InterruptedException, ExecutionException {
        return new OpenLoop(port, CONNECTIONS, perSecond, duration).run(request(10, Selection.ALL));
    }

    private Request request(int k, Selection selection) {
        List<byte[]> bodies = new ArrayList<>();
        for (String state : states) {
            bodies.add(body(state, k, selection.member()));
        }
        return (connection, place) -> connection
                .send("POST", space + "/recall", bodies.get(place % bodies.size()))
                .expect(200);
    }

    /**
     * The share of what is recalled that scores no less than the last of the exact answer; equally near memories all count.
     */
    double quality(int queries, int k, Selection selection) throws IOException {
        int kept = 0;
        int wanted = 0;
        try (Connection connection = new Connection(port)) {
            for (int i = 0; i < queries; i++) {
                String state = states.get((int) ((long) i * states.size() / queries));
                ArrayNode exact = recall(connection, body(state, k, selection.member() + ",\"exact\":true"));
                ArrayNode found = recall(connection, body(state, k, selection.member()));
                if (exact.isEmpty()) {
                    continue;
                }
                double farthest = exact.get(exact.size() - 1).get("score").doubleValue();
                for (JsonNode match : found) {
                    kept += match.get("score").doubleValue() >= farthest - 1e-9 ? 1 : 0;
                }
                wanted += exact.size();
            }
        }
        return (double) kept / wanted;
    }

    private ArrayNode recall(Connection connection, byte[] body) throws IOException {
        return (ArrayNode) MAPPER.readTree(connection
                        .send("POST", space + "/recall", body)
                        .expect(200)
                        .body())
                .get("matches");
    }

    private static byte[] body(String state, int k, String more) {
        return ("{\"k\":" + k + ",\"state\":" + state + more + "}").getBytes(StandardCharsets.UTF_8);
    }
}
