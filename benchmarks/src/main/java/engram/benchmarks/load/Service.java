package engram.benchmarks.load;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged service as a process of its own, on a free port of the loopback. */
final class Service implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final int port;
    private final Duration startUp;

    private Service(Process process, int port, Duration startUp) {
        this.process = process;
        this.port = port;
        this.startUp = startUp;
    }

    /**
     * The options of the JVM: those of the launcher, and of the store.
     *
     * @param store {@code embedded} or the address of a Redis
     */
    static List<String> flags(String store) {
        List<String> flags = new ArrayList<>(List.of(System.getenv()
                .getOrDefault(
                        "ENGRAM_JVM_FLAGS",
                        "--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Xmx2g")
                .split(" +")));
        if (store.startsWith("redis://")) {
            flags.add("-Dengram.store=redis");
            flags.add("-Dquarkus.redis.hosts=" + store);
        }
        return flags;
    }

    /** Starts the service and waits until it is ready. */
    static Service start(Path application, Path data, List<String> flags) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-Dquarkus.http.port=" + port);
        command.add("-Dengram.data-dir=" + data);
        command.add("-jar");
        command.add(application.toString());
        File log = data.resolveSibling("service.log").toFile();
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        while (!ready(port)) {
            if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
                process.destroyForcibly();
                throw new IOException("the service did not become ready; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return new Service(process, port, Duration.ofNanos(System.nanoTime() - begin));
    }

    private static boolean ready(int port) {
        try (Connection connection = new Connection(port)) {
            return connection.get("/q/health/ready").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** From the start of the process to the first answer that says it is ready. */
    Duration startUp() {
        return startUp;
    }

    long pid() {
        return process.pid();
    }

    /** What the process has used of the processors so far. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
