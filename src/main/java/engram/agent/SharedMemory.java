package engram.agent;

import engram.replay.Batch;
import engram.replay.SharedReplay;
import engram.replay.Transition;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The experiences of a space as an agent's memory; what it lives through goes there too. Closing closes the replay. */
public final class SharedMemory implements MemoryBatches {
    private final SharedReplay replay;
    private final MemorySettings settings;

    /**
     * @param replay over the space, handed over; started here
     */
    public SharedMemory(SharedReplay replay, MemorySettings settings) {
        this.replay = replay;
        this.settings = settings;
        replay.start();
    }

    @Override
    public boolean draw(Batch batch, Batch own, RandomGenerator random) {
        if (!settings.learn()) {
            return false;
        }
        int width = own.shape().observationWidth();
        replay.show(Arrays.copyOf(own.observations(), width));
        return replay.sample(batch, batch.capacity(), 1, random);
    }

    @Override
    public void learned(Batch batch, float[] errors) {
        replay.updatePriorities(batch.positions(), errors, batch.size());
    }

    @Override
    public void lived(long step, Experience experience) {
        if (settings.remember()) {
            boolean[] mask = experience.nextActionMask();
            replay.remember(
                    step,
                    new Transition(
                            experience.observation(),
                            experience.action(),
                            (float) experience.reward(),
                            experience.next(),
                            experience.terminated(),
                            experience.truncated(),
                            1,
                            mask));
        }
    }

    @Override
    public boolean isAway() {
        return !replay.status().attached();
    }

    @Override
    public void close() {
        replay.close();
    }
}
