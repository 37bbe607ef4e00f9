package engram.memory.deferred;

import static engram.memory.deferred.DeferredFixture.awaitEmpty;
import static engram.memory.deferred.DeferredFixture.memory;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Conflict;
import engram.memory.IdempotencyKey;
import engram.memory.deferred.FakeSpaces.Mode;
import engram.memory.space.NewMemory;
import engram.memory.space.Remembered;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DeferredKeysTest {
    private static final Optional<IdempotencyKey> KEY = Optional.of(new IdempotencyKey("k", "f"));

    @TempDir
    Path directory;

    private final FakeSpaces spaces = new FakeSpaces();

    @BeforeEach
    void know() {
        DeferredFixture.know(directory, spaces, "world");
    }

    @Test
    void tellsTheSameIdsHoweverOftenAKeyIsSent() throws Exception {
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            List<NewMemory> memories = List.of(memory(null), memory(null));
            List<String> first = ids(writes.remember("world", memories, KEY));
            assertThat(first).doesNotHaveDuplicates();
            spaces.become(Mode.AWAY);
            assertThat(ids(writes.remember("world", memories, KEY))).isEqualTo(first);
            assertThat(ids(writes.remember("world", memories, KEY))).isEqualTo(first);
            assertThat(writes.waitingWrites()).isEqualTo(1);
            assertThatThrownBy(() ->
                            writes.remember("world", memories, Optional.of(new IdempotencyKey("k", "another request"))))
                    .isInstanceOf(Conflict.class);
            assertThat(writes.waitingWrites()).isEqualTo(1);
            spaces.become(Mode.UP);
            awaitEmpty(writes);
            assertThat(ids(writes.remember("world", memories, KEY))).isEqualTo(first);
            spaces.forgetKeys();
            Remembered later = writes.remember("world", memories, KEY);
            assertThat(later.outcomes()).hasOnlyElementsOfType(Remembered.Stored.class);
            assertThat(spaces.stored("world")).containsExactlyElementsOf(first);
        }
    }

    @Test
    void knowsWaitingKeysAfterARestart() throws Exception {
        spaces.become(Mode.AWAY);
        List<String> first;
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            first = ids(writes.remember("world", List.of(memory(null)), KEY));
        }
        try (DeferredWrites writes = DeferredFixture.open(directory, spaces)) {
            assertThat(ids(writes.remember("world", List.of(memory(null)), KEY)))
                    .isEqualTo(first);
            assertThat(writes.waitingWrites()).isEqualTo(1);
            assertThatThrownBy(() -> writes.remember(
                            "world", List.of(memory(null)), Optional.of(new IdempotencyKey("k", "another"))))
                    .isInstanceOf(Conflict.class);
        }
    }

    private static List<String> ids(Remembered remembered) {
        return remembered.outcomes().stream().map(DeferredFixture::idOf).toList();
    }
}
