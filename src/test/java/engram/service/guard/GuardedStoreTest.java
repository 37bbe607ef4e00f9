package engram.service.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.StorageFull;
import engram.error.Unavailable;
import engram.error.Unreachable;
import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.FailingStores;
import engram.memory.FailingStores.Mode;
import engram.memory.InMemoryStores;
import engram.memory.JsonObject;
import engram.memory.Memories;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Update;
import engram.memory.deferred.KnownSpaces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A {@code QuarkusTest} because guards need CDI; the service itself has no part in it. */
@QuarkusTest
@Timeout(120)
class GuardedStoreTest {
    private static final EmbeddingVersion VERSION = new EmbeddingVersion(Modality.STATE, 0);

    @TempDir
    Path directory = Path.of("");

    private SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private FailingStores outside = new FailingStores(new InMemoryStores(Clock.systemUTC()));
    private GuardedStores stores;

    @BeforeEach
    void start() {
        stores = open(Map.of());
    }

    @AfterEach
    void stop() {
        stores.close();
    }

    private GuardedStores open(Map<String, String> properties) {
        outside = new FailingStores(new InMemoryStores(Clock.systemUTC()));
        meters = new SimpleMeterRegistry();
        Map<String, String> all = new HashMap<>(Map.of(
                "engram.guard.read.timeout", "200ms",
                "engram.guard.write.timeout", "200ms",
                "engram.guard.large.timeout", "300ms",
                "engram.guard.retry.delay", "5ms",
                "engram.guard.retry.jitter", "2ms",
                "engram.guard.breaker.window", "100",
                "engram.guard.breaker.probe-every", "20ms"));
        all.putAll(properties);
        GuardSettings settings = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(GuardSettings.class, "engram.guard")
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build()
                .getConfigMapping(GuardSettings.class, "engram.guard");
        StoreGuards guards = new StoreGuards(settings, outside.stores()::names, new GuardMeters(meters));
        return new GuardedStores(outside.stores(), guards, new KnownSpaces(directory));
    }

    private MemoryStore world() {
        stores.putSettings("world", JsonObject.EMPTY, OptionalLong.empty());
        MemoryStore store = stores.open("world");
        outside.calls();
        return store;
    }

    private static Append one(String id) {
        return new Append(
                List.of(new Entry(
                        Memories.memory(id).payload("{'state':{}}").build(), Map.of(VERSION, new float[384]))),
                Optional.empty());
    }

    @Test
    void opensTheSameStoreAgain() {
        assertThat(world()).isSameAs(stores.open("world"));
    }

    @Test
    void readsAgainWhatFailed() {
        MemoryStore store = world();
        outside.fail(Mode.REFUSED, 2);
        assertThat(store.statistics().total()).isZero();
        assertThat(outside.calls()).containsExactly("statistics", "statistics", "statistics");
        outside.fail(Mode.REFUSED, 3);
        assertThatThrownBy(store::statistics).isInstanceOf(Unreachable.class);
        assertThat(meters.counter("engram.guard.retries", "kind", "read").count())
                .isEqualTo(4);
    }

    @Test
    void writesOnceThoughTheAnswerIsLost() {
        MemoryStore store = world();
        outside.fail(Mode.DEAF, 2);
        Appended appended = store.append(one("m"));
        assertThat(appended.outcomes()).containsExactly(new Appended.Stored("m", engram.memory.Tier.STM, 1));
        assertThat(appended.replayed()).isTrue();
        assertThat(outside.calls()).containsExactly("append", "append", "append");
        assertThat(store.statistics().total()).isEqualTo(1);
    }

    @Test
    void doesNotTryAgainWhereSomebodyElseDoes() {
        MemoryStore store = world();
        outside.fail(Mode.REFUSED, 1);
        assertThatThrownBy(() -> StoreGuards.once(() -> store.append(one("m")))).isInstanceOf(Unreachable.class);
        assertThat(outside.calls()).containsExactly("append");
    }

    @Test
    void doesNotTryAgainWhatIsFull() {
        MemoryStore store = world();
        outside.become(Mode.FULL);
        assertThatThrownBy(() -> store.append(one("m"))).isInstanceOf(StorageFull.class);
        assertThat(outside.calls()).containsExactly("append");
    }

    @Test
    void repeatsOnlyChangesThatDoNoHarmTwice() {
        MemoryStore store = world();
        store.append(one("m"));
        outside.calls();
        Update.Edit edit = new Update.Edit(0.5, false, null, null);
        outside.fail(Mode.DEAF, 1);
        assertThat(store.update(List.of(new Update("m", OptionalLong.empty(), edit))))
                .containsExactly(Update.Outcome.APPLIED);
        assertThat(outside.calls()).containsExactly("update", "update");

        outside.fail(Mode.DEAF, 1);
        assertThatThrownBy(() -> store.update(List.of(new Update("m", OptionalLong.of(3), edit))))
                .isInstanceOf(Unreachable.class);
        outside.fail(Mode.DEAF, 1);
        assertThatThrownBy(() -> store.countRecalls(Map.of("m", 2), Instant.EPOCH))
                .isInstanceOf(Unreachable.class);
        outside.fail(Mode.DEAF, 1);
        assertThatThrownBy(() -> store.update(
                        List.of(new Update("m", OptionalLong.empty(), new Update.Remove(Departure.DELETED)))))
                .isInstanceOf(Unreachable.class);
        outside.fail(Mode.DEAF, 1);
        assertThatThrownBy(() -> store.delete(List.of("m"), Departure.DELETED)).isInstanceOf(Unreachable.class);
        outside.fail(Mode.DEAF, 1);
        assertThatThrownBy(() -> stores.putSettings("world", JsonObject.EMPTY, OptionalLong.of(1)))
                .isInstanceOf(Unreachable.class);
        assertThat(outside.calls()).containsExactly("update", "countRecalls", "update", "delete", "putSettings");
    }

    @Test
    void waitsNoLongerThanItMay() {
        MemoryStore store = world();
        outside.become(Mode.PAUSED);
        long begun = System.nanoTime();
        assertThatThrownBy(() -> store.get(List.of("m")))
                .isInstanceOf(Unreachable.class)
                .hasMessageContaining("PT0.2S");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
        assertThat(outside.calls()).containsExactly("get");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void asksNoMoreWhileTheStoreIsAwayAndNoticesThatItIsBack() throws InterruptedException {
        stores.close();
        stores = open(Map.of("engram.guard.breaker.window", "4", "engram.guard.read.retries", "0"));
        MemoryStore store = world();
        outside.become(Mode.PAUSED);
        int refused = 0;
        for (int i = 0; i < 6; i++) {
            assertThatThrownBy(store::statistics).isInstanceOf(Unreachable.class);
            refused++;
        }
        assertThat(refused).isEqualTo(6);
        assertThat(meters.counter("engram.guard.breaker.opened").count()).isEqualTo(1);
        outside.calls();
        long begun = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            assertThatThrownBy(store::statistics)
                    .isInstanceOf(Unreachable.class)
                    .hasMessageContaining("away");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(outside.calls()).doesNotContain("statistics");
        assertThat(meters.get("engram.guard.away").gauge().value()).isEqualTo(1);

        outside.become(Mode.UP);
        for (long end = System.nanoTime() + 20_000_000_000L; ; Thread.sleep(5)) {
            assertThat(System.nanoTime()).isLessThan(end);
            try {
                store.statistics();
                break;
            } catch (Unreachable e) {
                assertThat(e.retryAfter()).isPositive();
            }
        }
        assertThat(meters.get("engram.guard.away").gauge().value()).isZero();
    }

    @Test
    void refusesWhatIsTooMuchAtOnce() throws InterruptedException {
        stores.close();
        stores = open(Map.of(
                "engram.guard.read.concurrent",
                "2",
                "engram.guard.read.queued",
                "1",
                "engram.guard.read.timeout",
                "2s"));
        MemoryStore store = world();
        outside.become(Mode.PAUSED);
        AtomicInteger overloaded = new AtomicInteger();
        AtomicInteger unreached = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    store.statistics();
                } catch (Unreachable e) {
                    unreached.incrementAndGet();
                } catch (Unavailable e) {
                    overloaded.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(overloaded).hasValue(3);
        assertThat(unreached).hasValue(3);
        assertThat(meters.counter("engram.guard.refused", "kind", "read", "reason", "overload")
                        .count())
                .isEqualTo(3);
    }

    @Test
    void notesTheSettingsOfSpaces() {
        world();
        assertThat(new KnownSpaces(directory).settings("world")).isPresent();
        stores.delete("world");
        assertThat(new KnownSpaces(directory).settings("world")).isEmpty();
    }
}
