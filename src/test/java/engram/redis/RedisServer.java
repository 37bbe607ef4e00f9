package engram.redis;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private Redis with vector search, on a free port of the loopback and with a data directory of its own. It is started
 * by {@code ./engram redis}, as users start theirs, and set up the same way. On Linux on x86-64 it is the pinned Redis
 * Stack 7.4, which is fetched once; elsewhere, or with {@code ENGRAM_REDIS_WITH} set, what that names or the machine has.
 *
 * <p>Keep one per test class and separate tests by the names of their spaces: a start takes about half a second.
 *
 * <pre>{@code
 * private static RedisServer redis;
 *
 * @BeforeAll
 * static void start(@TempDir Path directory) throws Exception {
 *     redis = RedisServer.start(directory);
 * }
 *
 * @AfterAll
 * static void stop() throws Exception {
 *     redis.close();
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class RedisServer implements AutoCloseable {
    /** Long enough for the first fetch over a slow line. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Pattern PROCESS = Pattern.compile("started +process (\\d+),");

    private static final Pattern CONTAINER = Pattern.compile("started +container (\\w+) of (\\w+)");

    private final Path directory;
    private final int port;
    private final Thread atExit;

    private RedisServer(Path directory, int port) {
        this.directory = directory;
        this.port = port;
        this.atExit = Thread.ofPlatform().unstarted(this::killQuietly);
    }

    /** Starts one that keeps its data below {@code directory}, which no other Redis uses. */
    public static RedisServer start(Path directory) throws IOException, InterruptedException {
        RedisServer server = new RedisServer(directory, freePort());
        server.start();
        Runtime.getRuntime().addShutdownHook(server.atExit);
        return server;
    }

    /** One that was started elsewhere in this process, to be ended there. */
    public static RedisServer at(Path directory, int port) {
        return new RedisServer(directory, port);
    }

    /** Starts it again on the same port and data after {@link #stop} or {@link #kill}; returns what was printed. */
    public String start() throws IOException, InterruptedException {
        return expect(0, run(startArguments(port, data())));
    }

    /** Stops it in order; its data stays. Returns what was printed. */
    public String stop() throws IOException, InterruptedException {
        return expect(0, run(List.of("stop", "--port", Integer.toString(port))));
    }

    /** What {@code ./engram redis status} says: exit status 0 if it answers and 3 if it does not. */
    public Outcome status() throws IOException, InterruptedException {
        return run(List.of("status", "--port", Integer.toString(port)));
    }

    /** Kills it without a warning, as a power failure would, and waits until it is gone. Its data stays. */
    public void kill() throws IOException, InterruptedException {
        Matcher container = CONTAINER.matcher(status().output());
        if (container.find()) {
            new ProcessBuilder(container.group(2), "kill", container.group(1))
                    .start()
                    .waitFor();
        } else {
            process().destroyForcibly();
        }
        Waiting waiting = new Waiting();
        while (status().exitStatus() == 0) {
            waiting.more();
        }
    }

    /** Its process, for signals. Throws {@link IllegalStateException} if it does not run or runs in a container. */
    public ProcessHandle process() throws IOException, InterruptedException {
        String status = status().output();
        Matcher matcher = PROCESS.matcher(status);
        if (!matcher.find()) {
            throw new IllegalStateException("no process of its own: " + status);
        }
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(matcher.group(1)));
        return process.orElseThrow(() -> new IllegalStateException("it has just ended: " + status));
    }

    /** The port on 127.0.0.1; it stays the same over restarts. */
    public int port() {
        return port;
    }

    /** What {@code QUARKUS_REDIS_HOSTS} takes, such as {@code redis://127.0.0.1:40123}. */
    public URI address() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    /** A new connection, for a look past the store. */
    public RedisConnection connect() throws IOException {
        return new RedisConnection(port);
    }

    /** Where it keeps its append-only file and its log. */
    public Path data() {
        return directory.resolve("redis").toAbsolutePath();
    }

    /** Stops it. Does nothing if it has ended already. */
    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(atExit);
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while Redis on port " + port + " was being stopped");
        }
    }

    /** The exit status and everything printed by one call of {@code ./engram redis}. */
    public record Outcome(int exitStatus, String output) {}

    /** Runs {@code ./engram redis} with these arguments, whatever Redis the environment names. */
    static Outcome run(List<String> arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    /** Runs it with these arguments and environment variables. */
    static Outcome run(Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "engram", "redis"));
        command.addAll(arguments);
        Path output = Files.createTempFile("engram-redis", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(output.toFile());
            // A test must never reach the Redis that somebody works with.
            builder.environment().remove("QUARKUS_REDIS_HOSTS");
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " has not ended: " + Files.readString(output));
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    /** The arguments that start one on this port with this data directory. */
    static List<String> startArguments(int port, Path data) {
        List<String> arguments =
                new ArrayList<>(List.of("start", "--port", Integer.toString(port), "--data-dir", data.toString()));
        if (System.getenv("ENGRAM_REDIS_WITH") == null && linuxOnX86()) {
            arguments.addAll(List.of("--with", "wheels"));
        }
        return arguments;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String expect(int exitStatus, Outcome outcome) throws IOException {
        if (outcome.exitStatus() != exitStatus) {
            throw new IOException("exit status " + outcome.exitStatus() + ": " + outcome.output());
        }
        return outcome.output();
    }

    private static boolean linuxOnX86() {
        return "Linux".equals(System.getProperty("os.name")) && "amd64".equals(System.getProperty("os.arch"));
    }

    private void killQuietly() {
        try {
            process().destroyForcibly();
        } catch (IOException | IllegalStateException e) {
            // It has ended, or it runs in a container that is removed with it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits a little between looks, and not for ever. */
    private static final class Waiting {
        private final long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();

        void more() throws IOException, InterruptedException {
            if (System.nanoTime() > end) {
                throw new IOException("it still answers after 30 s");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
