package engram.benchmarks.micro;

import engram.environment.Action;
import engram.environment.AutoReset;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.environment.Step;
import engram.environment.VectorEnvironment;
import engram.environment.VectorStep;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Steps per second of the built-in environments with random actions, on one thread: one instance, and 64 together. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class EnvironmentBenchmark {
    private static final int SIZE = 64;
    private static final int PREPARED = 1_024;

    /** Which environment. */
    @Param({"CartPole-v1", "Acrobot-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1"})
    public String name = "";

    private final Action[] actions = new Action[PREPARED];
    private final float[][] batches = new float[PREPARED][];
    private Environment single = Environments.make("CartPole-v1");
    private VectorEnvironment vector = Environments.makeVector("CartPole-v1", 1, AutoReset.NEXT_STEP);
    private int next;

    /** Draws the actions beforehand. */
    @Setup
    public void prepare() {
        single = Environments.make(name);
        vector = Environments.makeVector(name, SIZE, AutoReset.NEXT_STEP);
        single.reset(1L);
        vector.reset(1L);
        SplittableRandom random = new SplittableRandom(1);
        int width = single.actions().width();
        for (int i = 0; i < PREPARED; i++) {
            actions[i] = single.actions().sample(random);
            batches[i] = new float[SIZE * width];
            for (int row = 0; row < SIZE; row++) {
                single.actions().flatten(single.actions().sample(random), batches[i], row * width);
            }
        }
    }

    /** One instance. */
    @Benchmark
    public Step one() {
        Step step = single.step(actions[next++ % PREPARED]);
        if (step.finished()) {
            single.reset((Long) null);
        }
        return step;
    }

    /** 64 instances; the figure counts each instance's steps. */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    public VectorStep together() {
        return vector.step(batches[next++ % PREPARED]);
    }
}
