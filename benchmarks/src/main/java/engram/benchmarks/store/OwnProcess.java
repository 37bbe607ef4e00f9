package engram.benchmarks.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What this process uses. */
public final class OwnProcess {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final double BUSY = 0.08;

    /** Longer than an index waits before it merges further. */
    private static final int QUIET = 8;

    private OwnProcess() {}

    /** What all threads have used of the processors so far. */
    public static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Bytes of the heap that are in use after a collection. */
    public static long heapAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Bytes of memory that are resident, pages of mapped files included. */
    public static long resident() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                    .sum();
        }
    }

    /**
     * Waits until the work behind the last call is done: until the process does hardly anything for some seconds.
     *
     * @return how long it took until it had begun to do nothing
     */
    public static Duration settle() throws InterruptedException {
        long begin = System.nanoTime();
        long quietSince = begin;
        Duration used = processorTime();
        for (int quiet = 0; quiet < QUIET; ) {
            Thread.sleep(LOOK);
            Duration now = processorTime();
            if (now.minus(used).toNanos() > BUSY * LOOK.toNanos()) {
                quiet = 0;
                quietSince = System.nanoTime();
            } else {
                quiet++;
            }
            used = now;
        }
        return Duration.ofNanos(quietSince - begin);
    }
}
