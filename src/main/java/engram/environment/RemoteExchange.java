package engram.environment;

import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import engram.error.Unreachable;
import java.time.Duration;

/** Asks the environment at the other end of a channel, one question at a time. Not thread-safe, but for {@link #close}. */
final class RemoteExchange implements AutoCloseable {
    /** Late answers to questions that were given up, before the other side counts as confused. */
    private static final int MOST_LATE = 64;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Channel channel;
    private final Duration timeout;
    private final Message.Described described;
    private int sequence;
    private volatile boolean closed;

    /** @throws Unavailable if the other side does not say what it is */
    RemoteExchange(Channel channel, Duration timeout) {
        this.channel = channel;
        this.timeout = timeout;
        if (!(ask(new Message.Describe()) instanceof Message.Described answer)) {
            throw confused("did not say what it is");
        }
        long widest = Math.max(answer.observations().width(), answer.actions().width());
        if (answer.instances() < 1 || answer.instances() * widest > FrameWriter.MOST_BYTES / Float.BYTES) {
            throw confused("has " + answer.instances() + " instances, more than a frame holds, or none");
        }
        described = answer;
    }

    Message.Described described() {
        return described;
    }

    /**
     * Asks for rows and gets them.
     *
     * @throws Unavailable if none come, or nonsense does
     * @throws InvalidInput if the other side cannot take a seed or an action, naming it
     */
    Message.Answered rows(Message request) {
        if (!(ask(request) instanceof Message.Answered answer)) {
            throw confused("answered something else than was asked");
        }
        int rows = described.instances();
        long masks = described.actions() instanceof ActionSpace.Discrete(int count) ? (long) rows * count : 0;
        if (answer.flags().length != rows
                || answer.observations().length
                        != rows * described.observations().width()
                || (answer.masks().length != 0 && answer.masks().length != masks)) {
            throw confused("answered rows of other sizes than it has described");
        }
        return answer;
    }

    /** What a row said besides its observation. */
    Info info(Message.Answered answer, int row) {
        boolean[] mask = null;
        if (answer.masks().length > 0) {
            int count = answer.masks().length / described.instances();
            mask = new boolean[count];
            System.arraycopy(answer.masks(), row * count, mask, 0, count);
        }
        try {
            Info info = answer.infos().isEmpty()
                    ? Info.none()
                    : Info.of(InfoJson.read(answer.infos().get(row)));
            if ((answer.flags()[row] & Message.FAULTY) != 0 && !info.faulty()) {
                info = Info.fault("the other side reports a fault");
            }
            return mask == null ? info : new Info(mask, info.values());
        } catch (InvalidInput refused) {
            throw confused(String.valueOf(refused.getMessage()));
        }
    }

    private Message ask(Message request) {
        if (closed) {
            throw new Conflict("environment", "is closed");
        }
        int number = ++sequence;
        channel.send(FrameWriter.write(number, request));
        long end = System.nanoTime() + timeout.toNanos();
        for (int i = 0; i < MOST_LATE; i++) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                break;
            }
            FrameReader.Frame answer = read(Duration.ofNanos(left));
            if (answer.sequence() == number) {
                return switch (answer.message()) {
                    case Message.Failed failed -> throw failure(failed);
                    case Message.Close() -> throw new Unreachable("the environment has closed the connection", SOON);
                    case Message other -> other;
                };
            }
        }
        throw new Unreachable("the environment did not answer within " + timeout.toMillis() + " ms", SOON);
    }

    private FrameReader.Frame read(Duration left) {
        try {
            return FrameReader.read(channel.receive(left));
        } catch (InvalidInput refused) {
            throw confused(String.valueOf(refused.getMessage()));
        }
    }

    private static RuntimeException failure(Message.Failed failed) {
        return switch (failed.reason()) {
            case INVALID -> new InvalidInput(failed.field(), failed.text());
            case CONFLICT -> new Conflict(failed.field(), failed.text());
            case UNAVAILABLE -> new Unavailable(failed.text(), Duration.ofMillis(Math.max(1, failed.retryAfter())));
        };
    }

    /** The other side is at fault, not the caller: never an {@link InvalidInput}. */
    private static Unavailable confused(String what) {
        return new Unavailable("the environment at the other end cannot be used: it " + what, SOON);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.send(FrameWriter.write(0, new Message.Close()));
        } catch (Unavailable gone) {
            // Then it knows.
            return;
        } finally {
            channel.close();
        }
    }
}
