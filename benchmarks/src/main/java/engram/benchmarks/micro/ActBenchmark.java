package engram.benchmarks.micro;

import engram.agent.Decision;
import engram.agent.DqnLearner;
import engram.agent.DqnSettings;
import engram.agent.Policy;
import engram.tensor.DeviceChoice;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** An action of a deep Q-network of two layers of 256 for one observation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ActBenchmark {
    private static final int OBSERVATIONS = 8;
    private static final int ACTIONS = 4;

    private final SplittableRandom random = new SplittableRandom(1);
    private final float[] observation = new float[OBSERVATIONS];
    private @Nullable Policy policy;

    /** Takes the policy of a learner that has not learned anything yet. */
    @Setup
    public void make() {
        TensorEngine engine = new TensorEngine(new TensorSettings(DeviceChoice.CPU, 1));
        try (DqnLearner learner = new DqnLearner(engine, OBSERVATIONS, ACTIONS, DqnSettings.defaults(), 1)) {
            policy = learner.policy();
        }
    }

    /** One decision, exploring now and then. */
    @Benchmark
    public Decision act() {
        observation[0] = (float) random.nextDouble();
        return Objects.requireNonNull(policy).decide(observation, null, new float[0], 0.05, random);
    }
}
