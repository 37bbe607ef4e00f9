package engram.benchmarks.load;

import java.io.IOException;

/** What a client sends, and waits for the answer to, once for each place from 0. */
@FunctionalInterface
interface Request {
    void send(Connection connection, int place) throws IOException;
}
