package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the packaged application, beside a running service and without one. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class CommandsIT {
    private static final int MEMORIES = 30;

    @TempDir
    Path directory = Path.of("");

    @Test
    void looksAfterTheDataOfAServiceThatRunsAndOfOneThatIsStopped() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            fill(service);
            ServiceProcess.Ended backup = fine(ServiceProcess.command(directory, "backup", "copies/first"));
            assertThat(backup.out()).contains("backed up 1 space");
            ServiceProcess.Ended checked = fine(ServiceProcess.command(directory, "check", "--json"));
            assertThat(checked.out()).contains("\"memories\" : " + MEMORIES, "\"sound\" : true");
            refused(ServiceProcess.command(directory, "repair"), "in use by another Engram");
            refused(ServiceProcess.command(directory, "restore", "copies/first"), "in use by another Engram");
            service.send("POST", "/v1/spaces/world/memories", memory(MEMORIES), 201);
            assertThat(service.stop()).isEqualTo(143);
        }
        assertThat(fine(ServiceProcess.command(directory, "repair")).out())
                .contains("space world: " + (MEMORIES + 1) + " memories", "nothing was damaged");
        refused(ServiceProcess.command(directory, "restore", "copies/first"), "is not empty");
        fine(ServiceProcess.command(directory, "restore", "copies/first", "--data-dir", "elsewhere/data"));
        try (ServiceProcess service = ServiceProcess.serve(elsewhere)) {
            assertThat(service.send("POST", "/v1/spaces/world/recall", "{\"state\":{\"health\":7},\"k\":1}", 200))
                    .contains("\"id\":\"m7\"");
            service.send("GET", "/v1/spaces/world/memories/m" + MEMORIES, "", 404);
        }
    }

    @Test
    void carriesASpaceFromOnePlaceToAnotherWithoutLoss() throws Exception {
        try (ServiceProcess service = ServiceProcess.serve(directory)) {
            fill(service);
            // Some move to the lower tiers, where vectors are all that is left of a state.
            service.send("POST", "/v1/spaces/world/consolidations", "{}", 200);
            ServiceProcess.Ended export = fine(ServiceProcess.command(directory, "export", "world", "running.ndjson"));
            assertThat(export.err()).contains("exported " + MEMORIES + " memories, SHA-256 ", service.address());
            fine(ServiceProcess.command(directory, "export", "world", "named.ndjson", "--url", service.address()));
            ServiceProcess.Ended imported =
                    fine(ServiceProcess.command(directory, "import", "world", "running.ndjson"));
            assertThat(imported.out()).contains("0 imported, " + MEMORIES + " there already, 0 refused");
            ServiceProcess.Ended created =
                    fine(ServiceProcess.command(directory, "import", "copy", "running.ndjson", "--create"));
            assertThat(created.out()).contains(MEMORIES + " imported");
            assertThat(service.send("POST", "/v1/spaces/copy/recall", "{\"state\":{\"health\":7},\"k\":1}", 200))
                    .contains("\"id\":\"m7\"");
            assertThat(service.stop()).isEqualTo(143);
        }
        fine(ServiceProcess.command(directory, "export", "world", "stopped.ndjson"));
        fine(ServiceProcess.command(
                directory, "import", "world", "stopped.ndjson", "--create", "--data-dir", "elsewhere"));
        fine(ServiceProcess.command(directory, "export", "world", "again.ndjson", "--data-dir", "elsewhere"));
        String first = content("running.ndjson");
        assertThat(first).contains("\"tier\":\"IM\"", "\"tier\":\"LTM\"", "\"vector\":");
        assertThat(content("named.ndjson")).isEqualTo(first);
        assertThat(content("stopped.ndjson")).isEqualTo(first);
        assertThat(content("again.ndjson")).isEqualTo(first);
        ServiceProcess.Ended piped = fine(ServiceProcess.command(directory, "export", "copy", "-"));
        assertThat(piped.out().lines().skip(1)).hasSize(MEMORIES + 1);
    }

    @Test
    void takesTheSettingsOfTheService() throws Exception {
        List<String> other = List.of("-Dengram.data-dir=" + directory.resolve("other"));
        refused(ServiceProcess.command(directory, other, "check"), "there is no data directory at", "other");
        refused(ServiceProcess.command(directory, "check"), "there is no data directory at", "data");
        ServiceProcess.Ended misspelt =
                ServiceProcess.command(directory, List.of("-Dengram.limits.bodysize=1M"), "check");
        refused(misspelt, "engram.limits.bodysize", "did you mean 'engram.limits.body-size'");
        ServiceProcess.Ended wrong = ServiceProcess.command(directory, "check", "--jsn");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("--jsn", "did you mean '--json'?", "usage: ./engram check");
        assertThat(fine(ServiceProcess.command(directory, "help")).out()).contains("export SPACE [FILE]");
    }

    private String content(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    private static void fill(ServiceProcess service) throws IOException, InterruptedException {
        service.send(
                "PUT",
                "/v1/spaces/world",
                "{\"tiers\":{\"stm\":{\"capacity\":10},\"im\":{\"capacity\":10},\"merge\":{\"enabled\":false}}}",
                201);
        for (int i = 0; i < MEMORIES; i++) {
            service.send("POST", "/v1/spaces/world/memories", memory(i), 201);
        }
    }

    private static String memory(int number) {
        return "{\"id\":\"m" + number + "\",\"agent\":\"a\",\"step\":" + number + ",\"state\":{\"health\":" + number
                + "}}";
    }

    private static ServiceProcess.Ended fine(ServiceProcess.Ended ended) {
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        return ended;
    }

    private static void refused(ServiceProcess.Ended ended, String... words) {
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains(words).doesNotContain("\tat ");
        assertThat(ended.err().lines()).as("one sentence").hasSize(1);
    }
}
