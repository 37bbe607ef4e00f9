package engram.benchmarks.micro;

import engram.replay.Batch;
import engram.replay.Table;
import engram.replay.TableSettings;
import engram.replay.TransitionShape;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Insertions into a full table of a million CartPole-sized rows, and batches of 64 out of it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReplayBenchmark {
    private static final int BATCH = 64;

    /** Which sampler. */
    @Param({"uniform", "prioritized"})
    public String sampler = "";

    /** How many rows there are. */
    @Param({"100000", "1000000"})
    public int rows;

    private final TransitionShape shape = TransitionShape.of(4, 1);
    private final Batch batch = new Batch(shape, BATCH);
    private final SplittableRandom random = new SplittableRandom(1);
    private final float[] observation = new float[4];
    private final float[] next = new float[4];
    private final float[] action = new float[1];
    private final float[] priorities = new float[BATCH];
    private Table table = Table.inMemory(TableSettings.uniform(shape, 1));

    /** Fills the table and spreads the priorities. */
    @Setup
    public void fill() {
        table = Table.inMemory(
                sampler.equals("uniform")
                        ? TableSettings.uniform(shape, rows)
                        : TableSettings.prioritized(shape, rows, 0.6));
        for (int i = 0; i < rows; i++) {
            insert();
        }
        for (int i = 0; i < rows / BATCH; i++) {
            sampleAndUpdate();
        }
    }

    /** One insertion. */
    @Benchmark
    public void insert() {
        observation[0] = random.nextFloat();
        table.insert(observation, action, 1, next, false, false);
    }

    /** One batch of 64. */
    @Benchmark
    public Batch sample() {
        table.sample(batch, BATCH, 0.4, random);
        return batch;
    }

    /** One batch of 64 and new priorities for it. */
    @Benchmark
    public Batch sampleAndUpdate() {
        table.sample(batch, BATCH, 0.4, random);
        for (int i = 0; i < BATCH; i++) {
            priorities[i] = random.nextFloat();
        }
        table.updatePriorities(batch.positions(), priorities, BATCH);
        return batch;
    }

    /** The 64 nearest of 10,000. */
    @Benchmark
    public Batch sampleSimilar() {
        table.sampleSimilar(batch, BATCH, observation, 10_000, random);
        return batch;
    }
}
