package engram.environment;

import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.time.Duration;

/**
 * An environment in another program, such as a Gymnasium environment in Python, that answers over a {@link Channel}. Put a
 * {@link GuardedEnvironment} around it: this class reports faults and does nothing about them.
 *
 * <p>Not thread-safe, but {@link #close} may come from any thread.
 */
public final class RemoteEnvironment implements Environment {
    private final RemoteExchange exchange;
    private final boolean withInfo;
    private boolean underWay;

    /**
     * Asks the other side what it is.
     *
     * @param timeout how long to wait for each answer, positive
     * @param withInfo whether to ask for the values of {@link Info}, which cost time; action masks always come
     * @throws Unavailable if it does not answer, answers nonsense, or has more than one instance
     */
    public RemoteEnvironment(Channel channel, Duration timeout, boolean withInfo) {
        exchange = new RemoteExchange(channel, timeout);
        this.withInfo = withInfo;
        if (exchange.described().instances() != 1) {
            exchange.close();
            throw new Unavailable("the environment at the other end has several instances, not one", timeout);
        }
    }

    /** What the other side calls itself. */
    public String name() {
        return exchange.described().name();
    }

    /** After how many steps the other side truncates an episode; 0 if it does not, or does not know. */
    public int timeLimit() {
        return exchange.described().timeLimit();
    }

    @Override
    public ObservationSpace observations() {
        return exchange.described().observations();
    }

    @Override
    public ActionSpace actions() {
        return exchange.described().actions();
    }

    /** @throws InvalidInput naming {@code state} if there is one: only a seed travels */
    @Override
    public Reset reset(ResetOptions options) {
        if (options.state() != null) {
            throw new InvalidInput("state", "cannot be set in an environment of another program");
        }
        underWay = false;
        Long seed = options.seed();
        byte operation = seed == null ? Message.RESET : Message.RESET_SEEDED;
        Message.Answered answer = exchange.rows(
                new Message.Begin(withInfo, new byte[] {operation}, new long[] {seed == null ? 0 : seed}));
        Info info = exchange.info(answer, 0);
        if (info.faulty()) {
            throw new Unavailable(
                    "the environment at the other end could not begin: " + info.values(), Duration.ofSeconds(1));
        }
        underWay = true;
        return new Reset(answer.observations(), info);
    }

    @Override
    public Step step(Action action) {
        float[] flat = actions().flatten(action);
        if (!underWay) {
            throw new Conflict("action", "no episode is under way; reset first");
        }
        Message.Answered answer = exchange.rows(new Message.Advance(withInfo, new byte[] {Message.STEP}, flat));
        byte flags = answer.flags()[0];
        Info info = exchange.info(answer, 0);
        boolean terminated = (flags & Message.TERMINATED) != 0;
        boolean truncated = (flags & (Message.TRUNCATED | Message.FAULTY)) != 0;
        underWay = !(terminated || truncated);
        return new Step(answer.observations(), answer.rewards()[0], terminated, truncated, info);
    }

    @Override
    public void close() {
        exchange.close();
    }
}
