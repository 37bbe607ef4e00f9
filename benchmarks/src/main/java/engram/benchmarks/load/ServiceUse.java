package engram.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What a running service uses of processor, memory and disk. */
final class ServiceUse {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Longer than the index waits before it merges further. */
    private static final int QUIET_SECONDS = 8;

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration HARDLY_ANYTHING = Duration.ofMillis(50);
    private static final Duration LONGEST_SETTLING = Duration.ofHours(2);

    private final Service service;
    private final Path data;

    ServiceUse(Service service, Path data) {
        this.service = service;
        this.data = data;
    }

    /**
     * Waits until the service is at rest, its index merged, so that what follows is not measured beside other work.
     *
     * @return the seconds until it had begun to rest
     */
    double settle() throws InterruptedException {
        long begin = System.nanoTime();
        long quietSince = begin;
        Duration used = service.processorTime();
        for (int quiet = 0; quiet < QUIET_SECONDS && System.nanoTime() - begin < LONGEST_SETTLING.toNanos(); ) {
            Thread.sleep(LOOK);
            Duration now = service.processorTime();
            if (now.minus(used).compareTo(HARDLY_ANYTHING) < 0) {
                quiet++;
            } else {
                quiet = 0;
                quietSince = System.nanoTime();
            }
            used = now;
        }
        return (quietSince - begin) / 1e9;
    }

    /** Resident memory before, heap after a collection, and files; bytes. */
    ObjectNode measure() throws IOException, InterruptedException {
        ObjectNode figures = MAPPER.createObjectNode();
        Files.readString(Path.of("/proc/" + service.pid() + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM") || line.startsWith("RssAnon"))
                .forEach(line -> figures.put(
                        switch (line.substring(0, line.indexOf(':'))) {
                            case "VmRSS" -> "resident";
                            case "VmHWM" -> "residentAtMost";
                            default -> "residentWithoutFiles";
                        },
                        Long.parseLong(line.replaceAll("\\D", "")) * 1_024));
        figures.put("heapAfterCollection", heapAfterCollection());
        ObjectNode disk = figures.putObject("disk");
        disk.put("total", bytes(data, ""));
        disk.put("record", bytes(data, ".db") + bytes(data, ".db-wal"));
        disk.put("index", disk.get("total").longValue() - disk.get("record").longValue());
        return figures;
    }

    private double heapAfterCollection() throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(service.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .start();
        jcmd.getInputStream().readAllBytes();
        jcmd.waitFor();
        try (Connection connection = new Connection(service.port())) {
            String metrics = new String(connection.get("/q/metrics").expect(200).body(), StandardCharsets.UTF_8);
            return metrics.lines()
                    .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    private static long bytes(Path directory, String ending) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(ending))
                    .filter(Files::isRegularFile)
                    .mapToLong(ServiceUse::size)
                    .sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            // A file of an index that has been merged away meanwhile.
            return 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
