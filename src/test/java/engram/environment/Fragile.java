package engram.environment;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** CartPole as somebody might have written it. */
final class Fragile implements Environment {
    enum Behaviour {
        GOOD,
        HANG,
        THROW,
        RUN_OUT_OF_MEMORY,
        OBSERVE_NAN,
        OBSERVE_INFINITY,
        REWARD_NAN,
        WRONG_LENGTH,
        NOTHING,
        BAD_MASK
    }

    /** What the next calls do, and what has happened; shared by an environment and those that take its place. */
    static final class Plan {
        volatile Behaviour onStart = Behaviour.GOOD;
        volatile Behaviour onReset = Behaviour.GOOD;
        volatile Behaviour onStep = Behaviour.GOOD;
        /** Where calls hang. */
        final CountDownLatch never = new CountDownLatch(1);

        final AtomicInteger made = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final List<Long> seeds = new CopyOnWriteArrayList<>();
    }

    private final Environment inner = Environments.make("CartPole-v1");
    private final Plan plan;

    Fragile(Plan plan) {
        this.plan = plan;
        behave(plan.onStart, "start");
        plan.made.incrementAndGet();
    }

    @Override
    public ObservationSpace observations() {
        return inner.observations();
    }

    @Override
    public ActionSpace actions() {
        return inner.actions();
    }

    @Override
    @SuppressWarnings("NullAway") // the point of NOTHING
    public Reset reset(ResetOptions options) {
        if (options.seed() != null) {
            plan.seeds.add(options.seed());
        }
        Behaviour behaviour = plan.onReset;
        behave(behaviour, "reset");
        Reset reset = inner.reset(options);
        return behaviour == Behaviour.NOTHING
                ? null
                : new Reset(observation(behaviour, reset.observation()), info(behaviour));
    }

    @Override
    @SuppressWarnings("NullAway") // the point of NOTHING
    public Step step(Action action) {
        Behaviour behaviour = plan.onStep;
        behave(behaviour, "step");
        Step step = inner.step(action);
        double reward = behaviour == Behaviour.REWARD_NAN ? Double.NaN : step.reward();
        return behaviour == Behaviour.NOTHING
                ? null
                : new Step(observation(behaviour, step.observation()), reward, false, false, info(behaviour));
    }

    @Override
    public void close() {
        plan.closed.incrementAndGet();
        throw new IllegalStateException("closing fails, too");
    }

    private static Info info(Behaviour behaviour) {
        return behaviour == Behaviour.BAD_MASK ? Info.masked(new boolean[2]) : Info.none();
    }

    private static float[] observation(Behaviour behaviour, float[] observation) {
        return switch (behaviour) {
            case OBSERVE_NAN -> new float[] {0, Float.NaN, 0, 0};
            case OBSERVE_INFINITY -> new float[] {0, Float.NEGATIVE_INFINITY, 0, 0};
            case WRONG_LENGTH -> new float[5];
            default -> observation;
        };
    }

    private void behave(Behaviour behaviour, String call) {
        switch (behaviour) {
            case HANG -> hang();
            case THROW -> throw new IllegalStateException(call + " went wrong");
            case RUN_OUT_OF_MEMORY -> throw new OutOfMemoryError("as if");
            default -> {}
        }
    }

    /** Ignores interruption, as badly written code does. */
    private void hang() {
        boolean waiting = true;
        while (waiting) {
            try {
                plan.never.await();
                waiting = false;
            } catch (InterruptedException ignored) {
                waiting = true;
            }
        }
    }
}
