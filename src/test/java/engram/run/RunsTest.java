package engram.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTest {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong seconds = new AtomicLong();
    private final AtomicInteger ids = new AtomicInteger();

    @TempDir
    Path directory;

    @Test
    void tellsEveryStepOfARunInOrderAndKeepsItsResult() throws InterruptedException {
        try (Runs runs = open(RunSettings.defaults())) {
            CountDownLatch watched = new CountDownLatch(1);
            Run queued = runs.submit("encoder-training", "world", progress -> {
                watched.await();
                progress.report(0.25, "epoch 1", Map.of("loss", 2.0));
                progress.report(0.5, "epoch 2", Map.of("loss", 1.0, "best", 1.0));
                return object().put("epochs", 2);
            });
            BlockingQueue<Run> seen = new LinkedBlockingQueue<>();
            try (Runs.Subscription _ = runs.subscribe(queued.id(), seen::add)) {
                watched.countDown();
                List<Run> all = untilFinal(seen);
                assertThat(all.stream().map(Run::progress)).isSorted().contains(0.25, 0.5, 1.0);
                assertThat(all.stream().map(Run::status)).isSorted().endsWith(Run.Status.SUCCEEDED);
            }
            Run ended = runs.get(queued.id());
            assertThat(ended.status()).isEqualTo(Run.Status.SUCCEEDED);
            assertThat(ended.metrics()).containsExactly(Map.entry("best", 1.0), Map.entry("loss", 1.0));
            assertThat(ended.message()).isEqualTo("epoch 2");
            assertThat(ended.result()).isEqualTo(object().put("epochs", 2));
            assertThat(ended.problem()).isNull();
            assertThat(ended.created()).isBefore(ended.started());
            assertThat(ended.started()).isBefore(ended.finished());
        }
    }

    @Test
    void aJobThatThrowsBecomesAFailedRunThatSaysWhy() throws InterruptedException {
        try (Runs runs = open(RunSettings.defaults())) {
            Run refused = finish(runs, progress -> {
                throw new InvalidInput("settings.epochs", "is at least 1, not 0");
            });
            assertThat(refused.status()).isEqualTo(Run.Status.FAILED);
            assertThat(refused.problem())
                    .isEqualTo(new Run.Problem("Invalid input", "settings.epochs: is at least 1, not 0"));

            Run broken = finish(runs, progress -> {
                throw new StackOverflowError("first line\n\tat engram.Somewhere");
            });
            assertThat(broken.problem()).isEqualTo(new Run.Problem("Internal error", "StackOverflowError: first line"));
            assertThat(broken.result()).isNull();
        }
    }

    @Test
    void aRunningRunStopsAtItsNextCheckAndAQueuedOneNeverBegins() throws InterruptedException {
        try (Runs runs = open(RunSettings.defaults())) {
            CountDownLatch begun = new CountDownLatch(1);
            Run running = runs.submit("import", "world", endless(begun));
            AtomicInteger executed = new AtomicInteger();
            Run queued = runs.submit("import", "world", progress -> {
                executed.incrementAndGet();
                return object();
            });
            begun.await();

            assertThat(runs.cancel(queued.id()).status()).isEqualTo(Run.Status.CANCELLED);
            runs.cancel(running.id());
            Run ended = await(runs, running.id());

            assertThat(ended.status()).isEqualTo(Run.Status.CANCELLED);
            assertThat(ended.problem()).isNull();
            assertThat(runs.cancel(running.id())).isEqualTo(ended);
            finish(runs, progress -> object());
            assertThat(executed).hasValue(0);
            assertThat(runs.get(queued.id()).started()).isNull();
        }
    }

    @Test
    void refusesMoreThanItsQueueHoldsAndForgetsTheRefused() throws InterruptedException {
        try (Runs runs = open(new RunSettings(1, 2, 10, Duration.ofSeconds(5)))) {
            CountDownLatch begun = new CountDownLatch(1);
            Run running = runs.submit("import", "a", endless(begun));
            begun.await();
            Run waiting = runs.submit("import", "b", progress -> object());
            runs.submit("import", "c", progress -> object());

            assertThatThrownBy(() -> runs.submit("import", "d", progress -> object()))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("2 runs are waiting");
            assertThat(runs.list(run -> true, null, 10).runs()).hasSize(3);
            assertThat(files()).hasSize(3);

            runs.cancel(waiting.id());
            assertThat(runs.submit("import", "e", progress -> object()).status())
                    .isEqualTo(Run.Status.QUEUED);
            runs.cancel(running.id());
        }
    }

    @Test
    void listsNewestFirstPageByPage() throws InterruptedException {
        try (Runs runs = open(RunSettings.defaults())) {
            for (int i = 0; i < 7; i++) {
                String subject = i % 2 == 0 ? "even" : "odd";
                finish(runs, subject, progress -> object());
            }
            List<String> walked = new ArrayList<>();
            Run.Position after = null;
            do {
                Runs.Page page = runs.list(run -> run.subject().equals("even"), after, 2);
                assertThat(page.runs()).hasSizeLessThanOrEqualTo(2);
                page.runs().forEach(run -> walked.add(run.id()));
                after = page.next();
            } while (after != null);
            assertThat(walked).containsExactly("run-7", "run-5", "run-3", "run-1");
        }
    }

    @Test
    void historySurvivesARestartAndUnfinishedRunsAreFailed() throws InterruptedException {
        Run finished;
        try (Runs runs = open(RunSettings.defaults())) {
            finished = finish(runs, progress -> {
                progress.report(0.5, "half", Map.of("loss", Double.NaN, "error", 0.5));
                return object().put("kept", 0.9);
            });
        }
        Run unfinished = new Run(
                "left",
                "import",
                "world",
                Run.Status.QUEUED,
                0,
                "",
                finished.metrics(),
                null,
                null,
                BEGINNING,
                null,
                null);
        new RunFiles(directory).write(unfinished.started(BEGINNING));

        try (Runs runs = open(RunSettings.defaults())) {
            assertThat(runs.get(finished.id())).isEqualTo(finished);
            Run left = runs.get("left");
            assertThat(left.status()).isEqualTo(Run.Status.FAILED);
            assertThat(left.problem())
                    .isEqualTo(new Run.Problem("Interrupted", "the run was interrupted by a restart"));
        }
        try (Runs runs = open(RunSettings.defaults())) {
            assertThat(runs.get("left").status()).isEqualTo(Run.Status.FAILED);
        }
    }

    @Test
    void keepsTheNewestFinishedRunsOnly() throws InterruptedException {
        try (Runs runs = open(new RunSettings(1, 10, 3, Duration.ofSeconds(5)))) {
            for (int i = 0; i < 5; i++) {
                finish(runs, progress -> object());
            }
            // The last listener is told before the last run is counted; closing waits for both.
        }
        assertThat(files()).containsExactlyInAnyOrder("run-3.json", "run-4.json", "run-5.json");
        try (Runs runs = open(new RunSettings(1, 10, 2, Duration.ofSeconds(5)))) {
            assertThat(runs.list(run -> true, null, 10).runs().stream().map(Run::id))
                    .containsExactly("run-5", "run-4");
            assertThatThrownBy(() -> runs.get("run-1")).isInstanceOf(NotFound.class);
        }
        assertThat(files()).hasSize(2);
    }

    @Test
    void setsDamagedRecordsAside() throws IOException, InterruptedException {
        try (Runs runs = open(RunSettings.defaults())) {
            finish(runs, progress -> object());
        }
        Files.writeString(directory.resolve("torn.json"), "{\"format\":1,\"id\":\"torn\",");
        Files.writeString(directory.resolve("future.json"), "{\"format\":99}");
        try (Runs runs = open(RunSettings.defaults())) {
            assertThat(runs.list(run -> true, null, 10).runs()).hasSize(1);
        }
        assertThat(files()).contains("torn.json.damaged", "future.json.damaged");
    }

    @Test
    void readsTheFirstFormat() throws IOException {
        Files.writeString(directory.resolve("a.json"), """
                {"format":1,"id":"a","kind":"import","subject":"world","status":"failed","progress":0.5,
                 "message":"half","metrics":{"loss":"NaN","rate":2.5},"result":null,
                 "problem":{"title":"Invalid input","detail":"line 3"},
                 "created":"2026-01-01T00:00:00Z","started":"2026-01-01T00:00:01Z","finished":"2026-01-01T00:00:02Z"}
                """);
        try (Runs runs = open(RunSettings.defaults())) {
            Run run = runs.get("a");
            assertThat(run.metrics()).containsEntry("loss", Double.NaN).containsEntry("rate", 2.5);
            assertThat(run.problem()).isEqualTo(new Run.Problem("Invalid input", "line 3"));
            assertThat(run.finished()).isEqualTo(BEGINNING.plusSeconds(2));
        }
    }

    @Test
    void closingCancelsAndFailsWhatWillNotStop() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch released = new CountDownLatch(1);
        Runs runs = open(new RunSettings(2, 5, 10, Duration.ZERO));
        Run stubborn = runs.submit("import", "a", progress -> {
            begun.countDown();
            released.await();
            return object();
        });
        runs.submit("import", "b", endless(begun));
        Run queued = runs.submit("import", "c", progress -> object());
        begun.await();
        runs.close();

        assertThat(runs.get(queued.id()).status()).isEqualTo(Run.Status.CANCELLED);
        assertThat(runs.get(stubborn.id()).status()).isEqualTo(Run.Status.FAILED);
        assertThatThrownBy(() -> runs.submit("import", "d", progress -> object()))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("stops");
        released.countDown();
    }

    @Test
    void aListenerThatThrowsHarmsNobody() throws InterruptedException {
        try (Runs runs = open(RunSettings.defaults())) {
            CountDownLatch watched = new CountDownLatch(1);
            Run run = runs.submit("import", "a", progress -> {
                watched.await();
                return object();
            });
            AtomicInteger calls = new AtomicInteger();
            runs.subscribe(run.id(), snapshot -> {
                calls.incrementAndGet();
                throw new IllegalStateException("gone");
            });
            watched.countDown();
            assertThat(await(runs, run.id()).status()).isEqualTo(Run.Status.SUCCEEDED);
            assertThat(calls).hasValue(1);
        }
    }

    private Runs open(RunSettings settings) {
        return new Runs(
                directory,
                settings,
                () -> BEGINNING.plusSeconds(seconds.incrementAndGet()),
                () -> "run-" + ids.incrementAndGet());
    }

    private static Job endless(CountDownLatch begun) {
        return progress -> {
            begun.countDown();
            while (true) {
                progress.checkCancelled();
                Thread.onSpinWait();
            }
        };
    }

    private static Run finish(Runs runs, Job job) throws InterruptedException {
        return finish(runs, "world", job);
    }

    private static Run finish(Runs runs, String subject, Job job) throws InterruptedException {
        return await(runs, runs.submit("test", subject, job).id());
    }

    private static Run await(Runs runs, String id) throws InterruptedException {
        BlockingQueue<Run> seen = new LinkedBlockingQueue<>();
        try (Runs.Subscription _ = runs.subscribe(id, seen::add)) {
            return untilFinal(seen).getLast();
        }
    }

    private static List<Run> untilFinal(BlockingQueue<Run> seen) throws InterruptedException {
        List<Run> all = new ArrayList<>();
        while (all.isEmpty() || !all.getLast().status().isFinal()) {
            Run next = seen.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("the next snapshot after %s", all).isNotNull();
            all.add(next);
        }
        return all;
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
