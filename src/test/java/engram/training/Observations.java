package engram.training;

import engram.agent.Agent;
import engram.agent.AgentSettings;
import engram.agent.DqnSettings;
import engram.agent.Experience;
import engram.agent.LearningPlan;
import engram.agent.MemorySettings;
import engram.agent.NetworkSettings;
import engram.agent.QLoss;
import engram.agent.Rhythm;
import engram.agent.Schedule;
import engram.encoder.NormalizerFiles;
import engram.environment.ActionSpace;
import engram.environment.ObservationSpace;
import engram.tensor.Engines;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/** A small agent that is taught from outside, and a life to teach it. */
final class Observations {
    static final AgentDefinition DEFINITION = new AgentDefinition(
            "ada",
            new AgentSettings(
                    new DqnSettings(
                            NetworkSettings.of(16), true, true, QLoss.HUBER, Schedule.constant(0.01), 0.99, 10, 1),
                    new LearningPlan(
                            new Rhythm(50, 4, 2, 16, 20, Rhythm.Count.STEPS),
                            Schedule.linear(1, 0.1, 0.5),
                            Schedule.linear(0.4, 1, 1),
                            3,
                            8,
                            0,
                            50_000),
                    new AgentSettings.ReplaySettings(300, 0.6),
                    MemorySettings.defaults()),
            Optional.empty(),
            Optional.empty(),
            new ObservationSpace(new float[4], new float[] {1, 1, 1, 1}),
            new ActionSpace.Discrete(2),
            7,
            Instant.EPOCH);

    private Observations() {}

    static AgentLibrary library(Path directory) {
        return new AgentLibrary(
                directory,
                Engines.cpu(),
                new NormalizerFiles(directory.resolveSibling("normalizers")),
                Clock.systemUTC(),
                _ -> null);
    }

    /** Everything that an agent is which has learned from so much of the life, without a break. */
    static byte[] undisturbed(Path directory, long steps) {
        try (Agent agent = made(directory)) {
            life(0, steps).forEach(experience -> agent.observe(experience, _ -> {}));
            return Trainings.bytes(agent);
        }
    }

    /** Everything that an agent is, by its files. */
    static byte[] read(Path directory) {
        try (Agent agent = made(directory);
                AgentFiles files = new AgentFiles(DEFINITION, directory.resolve(DEFINITION.id()))) {
            files.restore(agent);
            return Trainings.bytes(agent);
        }
    }

    private static Agent made(Path directory) {
        return new AgentMaker(
                        Engines.cpu(),
                        new NormalizerFiles(directory.resolveSibling("normalizers")),
                        Clock.systemUTC(),
                        _ -> null)
                .make(DEFINITION);
    }

    /** What is lived through after {@code from} steps until there are {@code to}. */
    static List<Experience> life(long from, long to) {
        return LongStream.range(from, to).mapToObj(Observations::step).toList();
    }

    private static Experience step(long step) {
        Random random = new Random(step);
        boolean last = step % 37 == 36;
        return new Experience(
                numbers(random),
                new float[] {random.nextInt(2)},
                random.nextGaussian(),
                numbers(random),
                last,
                false,
                step % 5 == 0 ? new boolean[] {true, step % 2 == 0} : null);
    }

    private static float[] numbers(Random random) {
        return new float[] {random.nextFloat(), random.nextFloat(), random.nextFloat(), random.nextFloat()};
    }
}
