package engram.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads with a connection each. */
final class Clients {
    private Clients() {}

    /** What one client does with its connection. */
    @FunctionalInterface
    interface Work {
        void with(Connection connection) throws IOException;
    }

    /** Runs the work once on each of some connections at the same time, and returns when all are done. */
    static void run(int port, int clients, Work work) throws InterruptedException, ExecutionException {
        try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                futures.add(executor.submit(() -> {
                    try (Connection connection = new Connection(port)) {
                        work.with(connection);
                    }
                    return null;
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
    }
}
