package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import engram.agent.AgentSettings.Algorithm;
import engram.environment.ActionSpace;
import engram.tensor.Engines;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What learning takes outside the heap, where no garbage collector would clear it away. */
class NativeMemoryTest {
    private static final int FIELDS = 10;
    private static final int MAPPED = 4;
    private static final int IN_USE = 7;
    private static final int STRETCHES = 5;
    private static final long SOME = 64 << 10;

    @ParameterizedTest
    @CsvSource({
        "DQN, 100000, '{\"start\":50,\"every\":1,\"batch\":16,\"network\":{\"layers\":[16]},\"replay\":{\"capacity\":500}}'",
        "SAC, 100000, '{\"start\":50,\"every\":1,\"batch\":16,\"network\":{\"layers\":[16]},\"replay\":{\"capacity\":500}}'",
        "REINFORCE, 2000, '{\"network\":{\"layers\":[16]},\"episodes\":1}'",
        "REINFORCE, 500, '{\"network\":{\"layers\":[16]},\"episodes\":1,\"recurrence\":{\"kind\":\"lstm\"}}'"
    })
    void doesNotGrow(Algorithm algorithm, int updates, String settings) throws IOException {
        assumeTrue(inUse().isPresent(), "a C library that says how much it has given out");
        ActionSpace actions = algorithm == Algorithm.SAC
                ? new ActionSpace.Box(new float[] {-1}, new float[] {1})
                : new ActionSpace.Discrete(2);
        AgentSettings read =
                AgentSettingsJson.read(new ObjectMapper().readTree(settings), AgentSettings.defaults(algorithm));
        try (Agent agent = Agents.make(Engines.cpu(), 4, actions, read, null, null, 1)) {
            long[] taken = new long[STRETCHES];
            for (int stretch = 0; stretch < STRETCHES; stretch++) {
                long before = inUse().orElseThrow();
                live(agent, updates / STRETCHES * (stretch + 1));
                taken[stretch] = inUse().orElseThrow() - before;
            }
            // The virtual machine takes some now and then, as when it compiles; a leak would be in every stretch.
            assertThat(Arrays.stream(taken).min().orElseThrow())
                    .as(Arrays.toString(taken))
                    .isLessThan(SOME);
        }
    }

    private static void live(Agent agent, int updates) {
        SeededRandom random = new SeededRandom(agent.steps());
        float[] observation = new float[4];
        while (agent.updates() < updates) {
            float[] next = {random.nextFloat(), random.nextFloat(), random.nextFloat(), random.nextFloat()};
            boolean last = agent.steps() % 8 == 7;
            agent.observe(
                    new Experience(
                            observation, agent.explore(observation, null).action(), next[0], next, last, false, null),
                    _ -> {});
            observation = next;
        }
    }

    /** The bytes that the C library has given out and not got back; empty where it does not say. */
    @SuppressWarnings("restricted") // asks the C library
    private static Optional<Long> inUse() {
        // What belongs to objects of Java is given back with them.
        System.gc();
        Linker linker = Linker.nativeLinker();
        MemoryLayout[] fields =
                Collections.nCopies(FIELDS, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new);
        return linker.defaultLookup().find("mallinfo2").map(symbol -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment information = (MemorySegment)
                        linker.downcallHandle(symbol, FunctionDescriptor.of(MemoryLayout.structLayout(fields)))
                                .invokeExact((SegmentAllocator) arena);
                return information.getAtIndex(ValueLayout.JAVA_LONG, MAPPED)
                        + information.getAtIndex(ValueLayout.JAVA_LONG, IN_USE);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
    }
}
