package engram.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.memory.Filter;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.embedded.EmbeddedSpaces;
import engram.memory.space.Space;
import engram.memory.space.SpaceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is held of a space, and what waits for it, when the space is not what it was. */
class SharedReplayTest {
    private static final TransitionShape SHAPE = new TransitionShape(2, 1, 0);
    private static final SharedReplaySettings ADA =
            SharedReplaySettings.of("ada").withSources(true, Set.of(), Set.of());

    @TempDir
    Path directory;

    private final Batch batch = new Batch(SHAPE, 200);
    private final SplittableRandom random = new SplittableRandom(1);
    private EmbeddedSpaces spaces;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void open() {
        spaces = EmbeddedSpaces.open(directory);
    }

    @AfterEach
    void close() {
        spaces.close();
    }

    private Space space() {
        return spaces.spaces()
                .put("shared", SpaceSettings.defaults(), OptionalLong.empty())
                .space();
    }

    private SharedReplay replay(SharedReplaySettings settings) {
        InstantSource clock = () -> now;
        return new SharedReplay(() -> spaces.spaces().open("shared"), SHAPE, settings, clock);
    }

    private void remember(SharedReplay replay, int... numbers) {
        for (int number : numbers) {
            replay.remember(number, CountedTransitions.single(number, false));
        }
    }

    private Set<Integer> held(SharedReplay replay) {
        Set<Integer> held = new TreeSet<>();
        if (replay.sample(batch, 200, 1, random)) {
            for (int i = 0; i < 200; i++) {
                held.add((int) batch.observations()[2 * i]);
            }
        }
        return held;
    }

    @Test
    void keepsWhatTheSpaceDidNotTakeInItsOrder() {
        Space space = space();
        Outgoing outgoing = new Outgoing(ADA);
        for (int step = 1; step <= 3; step++) {
            outgoing.add(step, CountedTransitions.single(step, false), now.plusSeconds(step));
        }
        spaces.close();
        assertThatThrownBy(() -> outgoing.write(space)).isInstanceOf(RuntimeException.class);
        assertThat(outgoing.waiting()).isEqualTo(3);
        assertThat(outgoing.remembered()).isZero();
        outgoing.add(4, CountedTransitions.single(4, false), now.plusSeconds(4));
        open();
        Space again = spaces.spaces().open("shared");
        assertThat(outgoing.write(again)).isTrue();
        assertThat(outgoing.write(again)).isFalse();
        assertThat(again.list(new Scan(Filter.ALL, false, null, 10)).memories().stream()
                        .sorted((one, other) -> Long.compare(one.sequence(), other.sequence()))
                        .map(Memory::step))
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void holdsTheNewestAndLetsTheOldestGoFirst() {
        space();
        SharedReplay writer = replay(ADA);
        for (int number = 1; number <= 5; number++) {
            now = now.plusSeconds(1);
            remember(writer, number);
            writer.refresh();
        }
        SharedReplay reader = replay(ADA.withBounds(3, 10));
        reader.refresh();
        assertThat(held(reader)).containsExactly(3, 4, 5);
        remember(writer, 6);
        writer.refresh();
        reader.refresh();
        assertThat(held(reader)).containsExactly(4, 5, 6);
    }

    @Test
    void forgetsASpaceThatWasMadeAnew() {
        space();
        SharedReplay replay = replay(ADA);
        remember(replay, 1, 2);
        replay.refresh();
        assertThat(held(replay)).containsExactly(1, 2);
        spaces.spaces().delete("shared");
        space();
        remember(replay, 3);
        replay.refresh();
        assertThat(held(replay)).containsExactly(3);
    }

    @Test
    void letsGoWhatGrewOldWhileItWasHeld() {
        space();
        SharedReplay replay = replay(ADA.withLimits(0, Duration.ofMinutes(1)));
        remember(replay, 1);
        replay.refresh();
        now = now.plusSeconds(40);
        remember(replay, 2);
        replay.refresh();
        assertThat(held(replay)).containsExactly(1, 2);
        now = now.plusSeconds(40);
        replay.refresh();
        assertThat(held(replay)).containsExactly(2);
    }
}
