package engram.environment;

import engram.error.Conflict;
import engram.error.Unavailable;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Several instances of an environment in another program, stepped by one frame each way. With
 * {@link AutoReset#SAME_STEP} a step in which episodes finish costs a second exchange.
 *
 * <p>Answers are checked for their sizes and for numbers that are none; a row that holds one is cut off as
 * {@code truncated} with a fault. Not thread-safe, but {@link #close} may come from any thread.
 */
public final class RemoteVectorEnvironment implements VectorEnvironment {
    private final RemoteExchange exchange;
    private final AutoReset autoReset;
    private final boolean withInfo;
    private final VectorStep result;
    /** Which instances begin an episode in the next step. */
    private final boolean[] due;

    private boolean started;

    /**
     * Asks the other side what it is.
     *
     * @param timeout how long to wait for each answer, positive
     * @param withInfo whether to ask for the values of {@link Info}, which cost time; action masks always come
     * @throws Unavailable if it does not answer, or answers nonsense
     */
    public RemoteVectorEnvironment(Channel channel, Duration timeout, AutoReset autoReset, boolean withInfo) {
        exchange = new RemoteExchange(channel, timeout);
        this.autoReset = autoReset;
        this.withInfo = withInfo;
        result = new VectorStep(size(), observations().width());
        due = new boolean[size()];
    }

    /** What the other side calls itself. */
    public String name() {
        return exchange.described().name();
    }

    @Override
    public int size() {
        return exchange.described().instances();
    }

    @Override
    public ObservationSpace observations() {
        return exchange.described().observations();
    }

    @Override
    public ActionSpace actions() {
        return exchange.described().actions();
    }

    @Override
    public AutoReset autoReset() {
        return autoReset;
    }

    @Override
    public VectorStep reset(@Nullable Long seed) {
        started = false;
        byte[] operations = new byte[size()];
        long[] seeds = new long[size()];
        Arrays.fill(operations, seed == null ? Message.RESET : Message.RESET_SEEDED);
        for (int i = 0; i < seeds.length && seed != null; i++) {
            seeds[i] = seed + i;
        }
        Message.Answered answer = exchange.rows(new Message.Begin(withInfo, operations, seeds));
        result.clear(true);
        for (int i = 0; i < due.length; i++) {
            take(answer, i);
            due[i] = result.infos()[i].faulty();
        }
        refuseIfAllAreAway(answer);
        started = true;
        return result;
    }

    @Override
    public VectorStep step(float[] actionsOfAll) {
        VectorChecks.actions(actions(), size(), actionsOfAll, due);
        if (!started) {
            throw new Conflict("actions", "no episode is under way; reset first");
        }
        byte[] operations = new byte[size()];
        for (int i = 0; i < operations.length; i++) {
            operations[i] = due[i] ? Message.RESET : Message.STEP;
        }
        Message.Answered answer = exchange.rows(new Message.Advance(withInfo, operations, actionsOfAll));
        result.clear(false);
        boolean finished = false;
        for (int i = 0; i < operations.length; i++) {
            take(answer, i);
            if (due[i]) {
                result.began()[i] = true;
                due[i] = result.infos()[i].faulty();
            } else {
                stepped(answer, i);
                due[i] = result.finished(i);
                finished |= due[i];
            }
        }
        refuseIfAllAreAway(answer);
        if (finished && autoReset == AutoReset.SAME_STEP) {
            beginFinished();
        }
        return result;
    }

    private void stepped(Message.Answered answer, int row) {
        int flags = answer.flags()[row];
        boolean faulty = result.infos()[row].faulty();
        result.rewards()[row] = faulty ? 0 : answer.rewards()[row];
        result.terminated()[row] = !faulty && (flags & Message.TERMINATED) != 0;
        result.truncated()[row] = faulty || (flags & Message.TRUNCATED) != 0;
        if (result.finished(row)) {
            result.keepFinal(row);
        }
    }

    private void beginFinished() {
        byte[] operations = new byte[size()];
        for (int i = 0; i < operations.length; i++) {
            operations[i] = result.finished(i) ? Message.RESET : Message.LEAVE;
        }
        Message.Answered answer = exchange.rows(new Message.Begin(withInfo, operations, new long[size()]));
        for (int i = 0; i < operations.length; i++) {
            if (operations[i] == Message.RESET) {
                take(answer, i);
                due[i] = result.infos()[i].faulty();
            }
        }
    }

    /** The observation and info of a row; an observation that cannot be used leaves the old one and a fault. */
    private void take(Message.Answered answer, int row) {
        int width = observations().width();
        int offset = row * width;
        Info info = exchange.info(answer, row);
        boolean usable = Double.isFinite(answer.rewards()[row]);
        for (int i = offset; i < offset + width; i++) {
            usable &= Float.isFinite(answer.observations()[i]);
        }
        if (!usable && !info.faulty()) {
            info = Info.fault("the other side answered something that is no number");
        }
        result.infos()[row] = info;
        if (usable && !info.faulty()) {
            System.arraycopy(answer.observations(), offset, result.observations(), offset, width);
        }
    }

    private void refuseIfAllAreAway(Message.Answered answer) {
        for (int i = 0; i < due.length; i++) {
            if (!due[i] || !result.began()[i]) {
                return;
            }
        }
        throw new Unavailable(
                "no instance at the other end could begin: "
                        + exchange.info(answer, 0).values(),
                Duration.ofSeconds(1));
    }

    @Override
    public void close() {
        exchange.close();
    }
}
