package engram.memory.redis;

import static engram.memory.redis.ArenaEntries.VERSION;
import static engram.memory.redis.ArenaEntries.await;
import static engram.memory.redis.ArenaEntries.entry;
import static engram.memory.redis.ArenaEntries.pause;
import static engram.memory.redis.ArenaEntries.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import engram.error.Retriable;
import engram.error.StorageFull;
import engram.error.Unavailable;
import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.IdempotencyKey;
import engram.memory.JsonObject;
import engram.memory.Memories;
import engram.memory.MemoryStore;
import engram.memory.Search;
import engram.memory.Tier;
import engram.redis.RedisConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store does when Redis fails it, with a Redis that really does. */
class RedisFaultsTest {

    private TestRedis redis;
    private RedisMemoryStores stores;
    private MemoryStore store;

    @BeforeEach
    void start() throws Exception {
        redis = TestRedis.start();
        RedisSettings settings = TestRedis.settings();
        stores = redis.stores(
                Clock.systemUTC(),
                new RedisSettings(
                        settings.index(),
                        settings.changeRetention(),
                        settings.idempotencyRetention(),
                        settings.scanBudget(),
                        Duration.ofSeconds(2),
                        settings.leaseTime()));
        stores.putSettings("arena", JsonObject.EMPTY, OptionalLong.empty());
        store = stores.open("arena");
    }

    @AfterEach
    void stop() throws Exception {
        stores.close();
        redis.close();
    }

    @Test
    void keepsWhatWasAcknowledgedOnceWhenRedisIsKilled() throws Exception {
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger made = new AtomicInteger();
        try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                writers.add(executor.submit(() -> write(stop, made, acknowledged)));
            }
            await(() -> acknowledged.size() > 200);
            redis.server().kill();
            TimeUnit.MILLISECONDS.sleep(300);
            redis.server().start();
            int before = acknowledged.size();
            await(() -> acknowledged.size() > before + 200);
            stop.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        Set<String> ids = new HashSet<>(acknowledged);
        assertThat(ids).hasSameSizeAs(acknowledged);
        assertThat(store.get(ids).keySet()).isEqualTo(ids);
        assertThat(store.statistics().total()).isEqualTo(ids.size());
    }

    /** Writes with a key each, and again with the same key until there is an answer. */
    private void write(AtomicBoolean stop, AtomicInteger made, ConcurrentLinkedQueue<String> acknowledged) {
        while (!stop.get()) {
            int number = made.incrementAndGet();
            Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("key" + number, "print"));
            Appended appended = null;
            while (appended == null) {
                // A repeated request makes other ids, as the service does: the first ones must be the answer.
                Append append = new Append(
                        List.of(
                                entry(UUID.randomUUID().toString()),
                                entry(UUID.randomUUID().toString())),
                        key);
                try {
                    appended = store.append(append);
                } catch (Retriable e) {
                    pause();
                }
            }
            appended.outcomes().forEach(outcome -> acknowledged.add(outcome.id()));
        }
    }

    @Test
    void refusesAtOnceOrAfterItsPatienceWhileRedisIsAwayAndGoesOnAfterwards() throws Exception {
        append("before");
        redis.server().kill();
        assertThatThrownBy(() -> store.get(List.of("before"))).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> append("lost")).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> store.search(nearest(1))).isInstanceOf(Unavailable.class);
        redis.server().start();
        await(() -> !store.get(List.of("before")).isEmpty());
        assertThat(store.get(List.of("lost"))).isEmpty();
        append("after");
        assertThat(store.search(nearest(5))).hasSize(2);
    }

    @Test
    void waitsNoLongerThanItIsToldForAPausedRedis() throws Exception {
        append("before");
        ProcessHandle process = redis.server().process();
        signal(process, "STOP");
        try {
            assertThatThrownBy(() -> store.get(List.of("before")))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("has not answered");
        } finally {
            signal(process, "CONT");
        }
        await(() -> !store.get(List.of("before")).isEmpty());
    }

    private static void signal(ProcessHandle process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void livesThroughAConnectionReset() throws Exception {
        append("before");
        try (RedisConnection connection = redis.server().connect()) {
            connection.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        }
        await(() -> !store.get(List.of("before")).isEmpty());
        append("after");
        assertThat(store.statistics().total()).isEqualTo(2);
    }

    @Test
    void refusesWritesAndGoesOnReadingWhenRedisIsFull() throws Exception {
        append("before");
        try (RedisConnection connection = redis.server().connect()) {
            connection.command("CONFIG", "SET", "maxmemory", "1mb");
            assertThatThrownBy(() -> append("after")).isInstanceOf(StorageFull.class);
            assertThat(store.get(List.of("before", "after"))).containsOnlyKeys("before");
            assertThat(store.search(nearest(5))).hasSize(1);
            connection.command("CONFIG", "SET", "maxmemory", "0");
        }
        append("after");
        assertThat(store.statistics().total()).isEqualTo(2);
    }

    @Test
    void rebuildsAnIndexThatSomebodyDropped() throws Exception {
        for (int i = 0; i < 30; i++) {
            append("m" + i);
        }
        Filter numbered = new Filter.Range(new Filter.Field.Tag("number"), 7, true, 100, true);
        assertThat(store.search(filtered(numbered))).hasSize(30);
        try (RedisConnection connection = redis.server().connect()) {
            String indexes = connection.command("FT._LIST");
            for (String index : indexes.substring(1, indexes.length() - 1).split(", ", -1)) {
                connection.command("FT.DROPINDEX", index);
            }
        }
        append("written without an index");
        assertThat(store.search(filtered(numbered))).hasSize(31);
        assertThat(store.search(nearest(100))).hasSize(31);
        append("written afterwards");
        assertThat(store.search(filtered(numbered))).hasSize(32);
    }

    @Test
    void reportsVectorsOfTheWrongLength() throws Exception {
        append("right");
        assertThatThrownBy(() -> store.append(new Append(
                        List.of(new Entry(Memories.memory("wrong").build(), Map.of(VERSION, new float[383]))),
                        Optional.empty())))
                .isInstanceOfAny(InvalidInput.class, IllegalArgumentException.class);
        assertThat(stores.problems()).isEmpty();
        try (RedisConnection connection = redis.server().connect()) {
            connection.command("HSET", "engram:{arena}:memory:right", "v1", "short");
        }
        assertThat(stores.problems()).anyMatch(problem -> problem.contains("could not take up"));
        assertThat(store.get(List.of("right"))).hasSize(1);
    }

    @Test
    void writesOnceWhatTwoReplicasSendWithTheSameKey() throws Exception {
        try (RedisMemoryStores other = redis.stores(Clock.systemUTC());
                ExecutorService executor = Executors.newFixedThreadPool(2)) {
            MemoryStore there = other.open("arena");
            for (int i = 0; i < 50; i++) {
                Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("same" + i, "print"));
                Callable<Appended> here = () ->
                        store.append(new Append(List.of(entry(UUID.randomUUID().toString())), key));
                Callable<Appended> elsewhere = () ->
                        there.append(new Append(List.of(entry(UUID.randomUUID().toString())), key));
                List<Future<Appended>> both = executor.invokeAll(List.of(here, elsewhere));
                assertThat(both.get(0).get().outcomes())
                        .isEqualTo(both.get(1).get().outcomes());
                assertThat(both.get(0).get().replayed())
                        .isNotEqualTo(both.get(1).get().replayed());
            }
            assertThat(store.statistics().total()).isEqualTo(50);
            assertThat(there.statistics().counts()).isEqualTo(store.statistics().counts());
        }
    }

    private void append(String id) {
        store.append(new Append(List.of(entry(id)), Optional.empty()));
    }

    private static Search nearest(int k) {
        return new Search(VERSION, Map.of(Tier.STM, vector()), k, Filter.ALL, Set.of(), false);
    }

    private static Search filtered(Filter filter) {
        return new Search(VERSION, Map.of(Tier.STM, vector()), 100, filter, Set.of(), false);
    }
}
