package engram.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engram.agent.Policy;
import engram.agent.SeededRandom;
import engram.environment.Environments;
import engram.error.StorageFull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent observed is its own from when it was told so on, whatever happens to its process and its files. */
class ObservationJournalTest {
    private static final int BATCH = 10;

    @TempDir
    Path root;

    private Path directory;
    private AgentLibrary library;
    private LiveAgent agent;

    @BeforeEach
    void open() {
        directory = root.resolve("agents");
        library = Observations.library(directory);
        agent = library.create(Observations.DEFINITION);
    }

    @AfterEach
    void close() {
        library.close();
    }

    private Path home() {
        return directory.resolve(Observations.DEFINITION.id());
    }

    private Path journal() {
        return home().resolve("observed.journal");
    }

    private void observe(int until) {
        for (long steps = agent.steps(); steps < until; steps = agent.steps()) {
            agent.observe(Observations.life(steps, steps + BATCH));
        }
    }

    /** Ends without having been told to, as far as the files are concerned. */
    private void crash() throws IOException {
        Path copy = root.resolve("copy");
        copy(directory, copy);
        library.close();
        CheckpointWriter.delete(directory);
        copy(copy, directory);
        CheckpointWriter.delete(copy);
        library = Observations.library(directory);
        agent = library.get(Observations.DEFINITION.id());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    @Test
    void learnsAgainWhatACrashTookAway() throws IOException {
        observe(200);
        float[] seen = {0.1f, 0.2f, 0.3f, 0.4f};
        float[] values = values(agent.policy(), seen);
        crash();
        assertThat(agent.steps()).isEqualTo(200);
        assertThat(values(agent.policy(), seen)).isEqualTo(values);
        assertThat(Observations.read(directory)).isEqualTo(Observations.undisturbed(directory, 200));
        agent.save();
        observe(260);
        values = values(agent.policy(), seen);
        crash();
        assertThat(values(agent.policy(), seen)).isEqualTo(values);
        observe(300);
        crash();
        assertThat(agent.steps()).isEqualTo(300);
        assertThat(Observations.read(directory)).isEqualTo(Observations.undisturbed(directory, 300));
    }

    private static float[] values(Policy policy, float[] seen) {
        return policy.decide(seen, null, new float[0], 0, new SeededRandom(1)).values();
    }

    @Test
    void learnsNothingTwiceThatIsInACheckpoint() throws IOException {
        observe(60);
        byte[] saved = Files.readAllBytes(journal());
        agent.save();
        assertThat(Files.size(journal())).isLessThan(100);
        observe(120);
        byte[] since = Files.readAllBytes(journal());
        Files.write(journal(), saved);
        Files.write(journal(), Arrays.copyOfRange(since, 4, since.length), StandardOpenOption.APPEND);
        crash();
        assertThat(agent.steps()).isEqualTo(120);
        assertThat(Observations.read(directory)).isEqualTo(Observations.undisturbed(directory, 120));
    }

    @Test
    void goesOnAfterTheLastThatIsWhole() throws IOException {
        observe(30);
        byte[] whole = Files.readAllBytes(journal());
        int frame = (whole.length - 4) / 3;
        for (int length :
                IntStream.iterate(whole.length - 1, n -> n >= 0, n -> n - 41).toArray()) {
            Files.write(journal(), Arrays.copyOf(whole, length));
            assertThat(steps()).isEqualTo((length < 4 ? 0 : (length - 4) / frame) * BATCH);
        }
        assertThat(home().resolve("observed.journal.damaged")).exists();
    }

    @Test
    void believesNoDamagedByte() throws IOException {
        observe(30);
        byte[] whole = Files.readAllBytes(journal());
        int frame = (whole.length - 4) / 3;
        for (int place = 0; place < whole.length; place += 7) {
            byte[] damaged = whole.clone();
            damaged[place] ^= 0x10;
            Files.write(journal(), damaged);
            assertThat(steps()).isEqualTo((place < 4 ? 0 : (place - 4) / frame) * BATCH);
            assertThat(home().resolve("observed.journal.damaged")).hasBinaryContent(damaged);
        }
    }

    @Test
    void writesOnOverWhatIsNotWhole() throws IOException {
        observe(30);
        byte[] whole = Files.readAllBytes(journal());
        Files.write(journal(), Arrays.copyOf(whole, whole.length - 3));
        List<Long> places = new ArrayList<>();
        try (ObservationJournal journal = new ObservationJournal(journal())) {
            journal.append(20, Observations.life(20, 25));
        }
        Files.delete(home().resolve("observed.journal.damaged"));
        try (ObservationJournal journal = new ObservationJournal(journal())) {
            journal.replay(0, (before, _) -> places.add(before));
            assertThat(journal.steps()).isEqualTo(25);
        }
        assertThat(places).containsExactly(0L, 10L, 20L);
        assertThat(home().resolve("observed.journal.damaged")).doesNotExist();
    }

    private int steps() throws IOException {
        try (ObservationJournal journal = new ObservationJournal(journal())) {
            return (int) journal.steps();
        }
    }

    @Test
    void learnsNothingThatTheDiskHasNoRoomFor() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "a device that is full");
        Files.createSymbolicLink(journal(), full);
        assertThatThrownBy(() -> agent.observe(Observations.life(0, BATCH))).isInstanceOf(StorageFull.class);
        assertThat(agent.steps()).isZero();
        Files.delete(journal());
        observe(120);
        crash();
        assertThat(agent.steps()).isEqualTo(120);
        assertThat(Observations.read(directory)).isEqualTo(Observations.undisturbed(directory, 120));
    }

    @Test
    void trainsFromACheckpointOfWhatItObserved() {
        observe(60);
        List<Long> before = new ArrayList<>();
        assertThatThrownBy(() -> agent.train(
                        "first",
                        new TrainingSettings(1_000, 5, 500, 1, 100, null, 0),
                        false,
                        (name, _) -> Environments.make("CartPole-v1"),
                        Trainings.cancelledWhen(() -> {
                            before.addAll(new Checkpoints(home().resolve("checkpoints"), 5).list());
                            return true;
                        })))
                .isInstanceOf(CancellationException.class);
        assertThat(before).containsExactly(60L);
    }
}
