package engram.memory.deferred;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import engram.error.Unreachable;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memories;
import engram.memory.MemoryStores;
import engram.memory.space.NewMemory;
import engram.memory.space.Remembered;
import engram.memory.space.SpaceSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes deferred writes before a {@link FakeSpaces}. */
final class DeferredFixture {
    static final DeferredSettings QUICK =
            new DeferredSettings(1 << 20, 10_000, 4_096, Duration.ofMillis(200), Duration.ofMillis(10));

    private DeferredFixture() {}

    static DeferredWrites open(Path directory, FakeSpaces spaces) {
        return open(directory, spaces, QUICK);
    }

    static DeferredWrites open(Path directory, FakeSpaces spaces, DeferredSettings settings) {
        return new DeferredWrites(
                new DeferredWrites.Services(
                        directory,
                        spaces,
                        new KnownSpaces(directory),
                        SpaceSettings.defaults(),
                        () -> UUID.randomUUID().toString(),
                        Clock.systemUTC(),
                        Unreachable.class::isInstance,
                        spaces::lookup),
                settings);
    }

    /** Makes a space known, as the store would have told of it. */
    static void know(Path directory, FakeSpaces spaces, String space) {
        spaces.names.add(space);
        new KnownSpaces(directory)
                .note(
                        space,
                        new MemoryStores.Settings(
                                JsonObject.of(SpaceSettings.defaults().toJson()), 1));
    }

    static NewMemory memory(@Nullable String id) {
        return memory(id, "{}");
    }

    static NewMemory memory(@Nullable String id, String tags) {
        return new NewMemory(
                id,
                "a",
                Kind.STATE,
                3L,
                null,
                Memories.json("{'state':{'health':0.1,'deep':{'list':[1,2.5,null]}}}"),
                Memories.json(tags),
                0.25,
                true,
                0.5);
    }

    /** A memory whose state cannot be embedded. */
    static NewMemory unsuitable() {
        return new NewMemory(
                null,
                "a",
                Kind.STATE,
                null,
                null,
                JsonObject.of(JsonNodeFactory.instance.objectNode().put("state", "none")),
                JsonObject.EMPTY,
                null,
                false,
                null);
    }

    /** Sends one memory and returns what became of it. */
    static Remembered.Outcome send(DeferredWrites writes, NewMemory memory) {
        return writes.remember("world", List.of(memory), Optional.empty())
                .outcomes()
                .getFirst();
    }

    static String idOf(Remembered.Outcome outcome) {
        return switch (outcome) {
            case Remembered.Stored stored -> stored.id();
            case Remembered.Deferred deferred -> deferred.id();
            case Remembered.Duplicate duplicate -> duplicate.id();
            case Remembered.Rejected rejected -> throw rejected.problem();
        };
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it takes too long").isLessThan(end);
            Thread.sleep(2);
        }
    }

    static void awaitEmpty(DeferredWrites writes) throws InterruptedException {
        await(() -> writes.waitingWrites() == 0);
    }
}
