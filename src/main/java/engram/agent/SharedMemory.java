package engram.agent;

import engram.replay.Batch;
import engram.replay.SharedReplay;
import engram.replay.Transition;
import engram.replay.TransitionShape;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The experiences of a space as an agent's memory; what it lives through goes there too. Closing closes the replay. */
public final class SharedMemory implements MemoryBatches {
    private final SharedReplay replay;
    private static final int COMPARE_EVERY = 256;

    private final MemorySettings settings;
    private final Agreement agreement;
    private final Batch compared;
    private final SeededRandom random = new SeededRandom(0);
    private double agreed = Double.NaN;
    private long asked;

    /**
     * @param replay over the space, handed over; started here
     * @param shape of the learner's transitions
     * @param discrete whether its actions are names
     */
    public SharedMemory(SharedReplay replay, MemorySettings settings, TransitionShape shape, boolean discrete) {
        this.replay = replay;
        this.settings = settings;
        this.agreement = new Agreement(discrete);
        this.compared = new Batch(shape, Agreement.OTHERS);
        replay.start();
    }

    @Override
    public boolean draw(Batch batch, Batch own, RandomGenerator random) {
        if (!settings.learn()) {
            return false;
        }
        int width = own.shape().observationWidth();
        // First, because by similarity nothing is there to agree with before something was shown.
        replay.show(Arrays.copyOf(own.observations(), width));
        return agrees() && replay.sample(batch, batch.capacity(), 1, random);
    }

    /** Whether the experiences of the space are of the world that the agent lives in, by what it lived through so far. */
    private boolean agrees() {
        if (settings.leastAgreement() == 0) {
            return true;
        }
        boolean due = Double.isNaN(agreed) || asked % COMPARE_EVERY == 0;
        asked++;
        if (due && agreement.isReady() && replay.sampleSteps(compared, Agreement.OTHERS, random)) {
            agreed = agreement.with(compared);
        }
        return agreed >= settings.leastAgreement();
    }

    @Override
    public void learned(Batch batch, float[] errors) {
        replay.updatePriorities(batch.positions(), errors, batch.size());
    }

    @Override
    public void lived(long step, Experience experience) {
        agreement.lived(experience);
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
