package engram.memory.deferred;

import static engram.memory.deferred.DeferredFixture.await;
import static engram.memory.deferred.DeferredFixture.awaitEmpty;
import static engram.memory.deferred.DeferredFixture.idOf;
import static engram.memory.deferred.DeferredFixture.memory;
import static engram.memory.deferred.DeferredFixture.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.NotFound;
import engram.error.StorageFull;
import engram.error.Unavailable;
import engram.memory.IdempotencyKey;
import engram.memory.deferred.FakeSpaces.Mode;
import engram.memory.space.Remembered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DeferredWritesTest {
    private static final Optional<IdempotencyKey> KEY = Optional.of(new IdempotencyKey("k", "f"));

    @TempDir
    Path directory;

    private final FakeSpaces spaces = new FakeSpaces();

    @BeforeEach
    void know() {
        DeferredFixture.know(directory, spaces, "world");
    }

    @Test
    void leavesAStoreThatAnswersAlone() throws IOException {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            Remembered.Outcome outcome = send(writes, memory(null));
            assertThat(outcome).isInstanceOf(Remembered.Stored.class);
            assertThat(spaces.stored("world")).containsExactly(idOf(outcome));
            assertThat(send(writes, memory(idOf(outcome)))).isInstanceOf(Remembered.Duplicate.class);
            assertThatThrownBy(() -> writes.require("nowhere")).isInstanceOf(NotFound.class);
        }
        assertThat(files()).containsExactly(KnownSpaces.FILE);
    }

    @Test
    void keepsWritesWhileTheStoreIsAwayAndDeliversThemInOrder() throws Exception {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            spaces.become(Mode.AWAY);
            writes.require("world");
            List<String> ids = sendMany(writes, 300, Remembered.Deferred.class);
            assertThat(writes.waitingWrites()).isEqualTo(300);
            assertThat(spaces.stored("world")).isEmpty();
            spaces.become(Mode.UP);
            awaitEmpty(writes);
            assertThat(spaces.stored("world")).containsExactlyElementsOf(ids);
            assertThat(send(writes, memory(null))).isInstanceOf(Remembered.Stored.class);
            assertThat(writes.status().spaces()).isEmpty();
            assertThat(writes.status().delivered()).isEqualTo(300);
            assertThat(writes.waitingBytes()).isZero();
        }
        assertThat(files()).containsExactlyInAnyOrder(KnownSpaces.FILE, DeliveryMark.FILE);
    }

    @Test
    void deliversAfterARestart() throws Exception {
        spaces.become(Mode.AWAY);
        List<String> ids = new ArrayList<>();
        for (int generation = 0; generation < 3; generation++) {
            try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
                assertThat(writes.waitingWrites()).isEqualTo(ids.size());
                ids.addAll(sendMany(writes, 40, Remembered.Deferred.class));
            }
        }
        spaces.become(Mode.UP);
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            awaitEmpty(writes);
            assertThat(spaces.stored("world")).containsExactlyElementsOf(ids);
        }
    }

    @Test
    void deliversOnceWhateverAnswersAreLost() throws Exception {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            spaces.become(Mode.DEAF);
            List<String> ids = new ArrayList<>(sendMany(writes, 20, Remembered.Deferred.class));
            ids.add(idOf(send(writes, memory("mine"))));
            ids.add(idOf(writes.remember("world", List.of(memory(null)), KEY)
                    .outcomes()
                    .getFirst()));
            int calls = spaces.calls();
            await(() -> spaces.calls() > calls + 3);
            spaces.become(Mode.UP);
            awaitEmpty(writes);
            assertThat(spaces.stored("world")).containsExactlyElementsOf(ids);
            assertThat(writes.status().refused()).isZero();
        }
    }

    @Test
    void deliversOnceThoughTheStoreHasForgottenTheKeys() throws Exception {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            spaces.become(Mode.DEAF);
            List<String> ids = sendMany(writes, 20, Remembered.Deferred.class);
            int calls = spaces.calls();
            await(() -> spaces.calls() > calls + 3);
            spaces.become(Mode.AWAY);
            spaces.forgetKeys();
            spaces.become(Mode.UP);
            awaitEmpty(writes);
            assertThat(spaces.stored("world")).containsExactlyElementsOf(ids);
            assertThat(writes.status().refused()).isZero();
        }
    }

    @Test
    void doesNotBringBackWhatWasDeletedAfterItsAnswerWasLost() throws Exception {
        String kept;
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            spaces.become(Mode.DEAF);
            String deleted = idOf(send(writes, memory(null)));
            spaces.become(Mode.AWAY);
            kept = idOf(send(writes, memory(null)));
            assertThat(spaces.stored("world")).containsExactly(deleted);
            spaces.remove("world", deleted);
        }
        spaces.become(Mode.UP);
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            awaitEmpty(writes);
            assertThat(spaces.stored("world")).containsExactly(kept);
        }
    }

    @Test
    void checksWhatItKeeps() {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            spaces.become(Mode.AWAY);
            Remembered remembered = writes.remember(
                    "world", List.of(memory(null), DeferredFixture.unsuitable(), memory(null)), Optional.empty());
            assertThat(remembered.outcomes().get(0)).isInstanceOf(Remembered.Deferred.class);
            assertThat(remembered.outcomes().get(1)).isInstanceOf(Remembered.Rejected.class);
            assertThat(remembered.outcomes().get(2)).isInstanceOf(Remembered.Deferred.class);
            assertThat(send(writes, DeferredFixture.unsuitable())).isInstanceOf(Remembered.Rejected.class);
            assertThat(writes.waitingWrites()).isEqualTo(1);
        }
    }

    @Test
    void keepsNothingForASpaceItDoesNotKnow() {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            spaces.become(Mode.AWAY);
            assertThatThrownBy(() -> writes.require("other")).isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> writes.remember("other", List.of(memory(null)), Optional.empty()))
                    .isInstanceOf(Unavailable.class);
            assertThat(directory.resolve("other")).doesNotExist();
            assertThat(writes.waitingWrites()).isZero();
        }
    }

    @Test
    void setsAsideWhatTheStoreRefusesAndGoesOn() throws Exception {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            send(writes, memory("taken"));
            spaces.become(Mode.AWAY);
            send(writes, memory("taken"));
            send(writes, memory("odd", "{'refused':true}"));
            String good = idOf(send(writes, memory(null)));
            spaces.become(Mode.UP);
            awaitEmpty(writes);
            assertThat(spaces.stored("world")).containsExactly("taken", good);
            assertThat(writes.status().refused()).isEqualTo(2);
            List<String> letters = Files.readAllLines(directory.resolve("world").resolve(DeadLetters.FILE));
            assertThat(letters.get(0)).contains("\"problem\":\"Conflict\"", "\"id\":\"taken\"", "\"health\":0.1");
            assertThat(letters.get(1))
                    .contains("\"problem\":\"InvalidInput\"", "is not to its liking", "\"pinned\":true");
        }
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            assertThat(writes.status().refused()).isEqualTo(2);
            Files.delete(directory.resolve("world").resolve(DeadLetters.FILE));
            assertThat(writes.status().refused()).isZero();
        }
    }

    @Test
    void setsAsideWhatFailsForNoKnownReasonAfterAWhile() throws Exception {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            spaces.become(Mode.AWAY);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String id = idOf(send(writes, memory(null, i == 4 ? "{'poison':1}" : "{}")));
                if (i != 4) {
                    ids.add(id);
                }
            }
            spaces.become(Mode.BROKEN);
            awaitEmpty(writes);
            assertThat(spaces.stored("world")).containsExactlyElementsOf(ids);
            assertThat(writes.status().refused()).isEqualTo(1);
        }
    }

    @Test
    void setsAsideTheWritesOfASpaceThatIsGone() throws Exception {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            spaces.become(Mode.AWAY);
            send(writes, memory(null));
            spaces.names.remove("world");
            spaces.become(Mode.UP);
            awaitEmpty(writes);
            assertThat(writes.status().refused()).isEqualTo(1);
        }
    }

    @Test
    void refusesBeyondItsBounds() throws Exception {
        DeferredSettings few = new DeferredSettings(1 << 20, 3, 4_096, Duration.ZERO, Duration.ofMillis(10));
        DeferredSettings small = new DeferredSettings(3_000, 100, 4_096, Duration.ZERO, Duration.ofMillis(10));
        spaces.become(Mode.AWAY);
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces, few)) {
            sendMany(writes, 3, Remembered.Deferred.class);
            assertThat(writes.hasRoom()).isFalse();
            assertThatThrownBy(() -> send(writes, memory(null)))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("engram.spool.writes");
            assertThat(writes.waitingWrites()).isEqualTo(3);
        }
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces, small)) {
            assertThatThrownBy(() -> sendMany(writes, 20, Remembered.Deferred.class))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("engram.spool.size");
            assertThat(writes.waitingBytes()).isLessThanOrEqualTo(3_000);
            spaces.become(Mode.UP);
            awaitEmpty(writes);
            assertThat(writes.waitingBytes()).isZero();
            assertThat(send(writes, memory(null))).isInstanceOf(Remembered.Stored.class);
        }
    }

    @Test
    void saysThatTheStoreIsFullInsteadOfPilingUp() throws Exception {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            spaces.become(Mode.FULL);
            assertThatThrownBy(() -> send(writes, memory(null))).isInstanceOf(StorageFull.class);
            spaces.become(Mode.AWAY);
            String waiting = idOf(send(writes, memory(null)));
            spaces.become(Mode.FULL);
            await(() -> writes.status().spaces().getFirst().obstacle().equals("full"));
            assertThatThrownBy(() -> send(writes, memory(null))).isInstanceOf(StorageFull.class);
            assertThat(writes.waitingWrites()).isEqualTo(1);
            spaces.become(Mode.UP);
            awaitEmpty(writes);
            assertThat(spaces.stored("world")).containsExactly(waiting);
        }
    }

    @Test
    void keepsTheOrderOfEachOfManyWriters() throws Exception {
        List<List<String>> sent = IntStream.range(0, 8)
                .mapToObj(_ -> Collections.synchronizedList(new ArrayList<String>()))
                .toList();
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            List<Thread> threads = new ArrayList<>();
            for (List<String> mine : sent) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 100; i++) {
                        mine.add(idOf(send(writes, memory(null))));
                    }
                }));
            }
            for (int i = 0; i < 10; i++) {
                spaces.become(i % 3 == 0 ? Mode.AWAY : i % 3 == 1 ? Mode.DEAF : Mode.UP);
                Thread.sleep(20);
            }
            spaces.become(Mode.UP);
            for (Thread thread : threads) {
                thread.join();
            }
            awaitEmpty(writes);
        }
        List<String> stored = spaces.stored("world");
        assertThat(stored).hasSize(800).doesNotHaveDuplicates();
        for (List<String> mine : sent) {
            assertThat(stored.stream().filter(mine::contains)).containsExactlyElementsOf(mine);
        }
    }

    private static List<String> sendMany(
            DeferredWrites writes, int count, Class<? extends Remembered.Outcome> expected) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Remembered.Outcome outcome = send(writes, memory(null));
            assertThat(outcome).isInstanceOf(expected);
            ids.add(idOf(outcome));
        }
        return ids;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("world"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
