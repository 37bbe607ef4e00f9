package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;

import engram.environment.ActionSpace;
import engram.memory.embedded.EmbeddedSpaces;
import engram.memory.space.Space;
import engram.memory.space.SpaceSettings;
import engram.replay.Batch;
import engram.replay.SharedReplay;
import engram.replay.Transition;
import engram.replay.TransitionShape;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent takes from a real space, and when. */
class SharedMemoryTest {
    private static final ActionSpace.Discrete ACTIONS = new ActionSpace.Discrete(2);
    private static final TransitionShape SHAPE = Agents.shape(2, ACTIONS);
    private static final int OTHERS = 400;

    private final EmbeddedSpaces spaces;
    private final Batch own = new Batch(SHAPE, 8);
    private final Batch drawn = new Batch(SHAPE, 8);

    SharedMemoryTest(@TempDir Path directory) {
        spaces = EmbeddedSpaces.open(directory);
    }

    @AfterEach
    void close() {
        spaces.close();
    }

    @Test
    void learnsFromOthersOfItsWorldOnceItHasSeenEnoughOfIt() {
        try (SharedMemory memory = memory(remembered("same", false), 0.25)) {
            live(memory, 31);
            assertThat(memory.draw(drawn, own, new SeededRandom(1))).isFalse();
            live(memory, 33);
            assertThat(memory.draw(drawn, own, new SeededRandom(1))).isTrue();
            assertThat(drawn.size()).isEqualTo(8);
        }
    }

    @Test
    void leavesAloneWhatIsOfAnotherWorldUnlessItIsNotToAsk() {
        try (SharedMemory asking = memory(remembered("other", true), 0.25);
                SharedMemory trusting = memory(spaces.spaces().open("other"), 0)) {
            live(asking, 64);
            assertThat(asking.draw(drawn, own, new SeededRandom(1))).isFalse();
            assertThat(trusting.draw(drawn, own, new SeededRandom(1))).isTrue();
        }
    }

    /** A world that moves by its action, or one that jumps anywhere. */
    private static Transition step(SeededRandom random, boolean jumps) {
        float[] from = {random.nextFloat(-1, 1), random.nextFloat(-1, 1)};
        int action = random.nextInt(2);
        float[] to = jumps
                ? new float[] {random.nextFloat(-1, 1), random.nextFloat(-1, 1)}
                : new float[] {from[0] + 0.1f * from[1], from[1] + (action == 0 ? -0.1f : 0.1f)};
        return Transition.of(from, new float[] {action}, jumps ? random.nextFloat(-1, 1) : from[0], to, false, false);
    }

    private static void live(SharedMemory memory, int steps) {
        SeededRandom random = new SeededRandom(7);
        for (int i = 0; i < steps; i++) {
            Transition step = step(random, false);
            memory.lived(
                    i,
                    new Experience(
                            step.observation(),
                            step.action(),
                            step.reward(),
                            step.nextObservation(),
                            false,
                            false,
                            null));
        }
    }

    private Space remembered(String name, boolean jumps) {
        Space space = spaces.spaces()
                .put(name, SpaceSettings.defaults(), OptionalLong.empty())
                .space();
        SharedReplay others = replay(space, "other");
        SeededRandom random = new SeededRandom(3);
        for (int i = 0; i < OTHERS; i++) {
            others.remember(i, step(random, jumps));
        }
        others.refresh();
        assertThat(others.status().remembered()).isEqualTo(OTHERS);
        return space;
    }

    private SharedMemory memory(Space space, double leastAgreement) {
        SharedReplay replay = replay(space, "learner");
        replay.refresh();
        MemorySettings usual = MemorySettings.defaults();
        return new SharedMemory(
                replay,
                new MemorySettings(
                        true,
                        false,
                        usual.strategy(),
                        false,
                        List.of(),
                        List.of(),
                        leastAgreement,
                        0,
                        usual.greatestAge(),
                        usual.held()),
                SHAPE,
                true);
    }

    private static SharedReplay replay(Space space, String agent) {
        return new SharedReplay(
                () -> space,
                SHAPE,
                AgentSettings.defaults(AgentSettings.Algorithm.DQN).replayOverSpace(agent),
                Clock.systemUTC());
    }
}
