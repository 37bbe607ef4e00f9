package engram.environment;

import engram.error.Conflict;
import engram.error.EngramException;
import engram.error.InvalidInput;
import engram.error.NonRetriable;
import engram.error.Retriable;
import engram.error.Unavailable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Answers the frames of a learner in another program with instances of one environment: what is behind a connection, one
 * session each. It never throws for what a frame holds: it answers with a frame that says what is wrong.
 *
 * <p>One thread at a time.
 */
public final class EnvironmentSession implements AutoCloseable {
    private final EnvironmentSpec spec;
    private final List<Environment> members;
    private final boolean[] underWay;
    private final float[] last;
    private final int width;
    private boolean closed;

    /**
     * Makes the instances.
     *
     * @param name one of the built-in environments
     * @param instances how many, at least 1
     * @throws engram.error.NotFound if there is no such environment
     * @throws InvalidInput naming {@code instances} if there are too many or too few
     */
    public static EnvironmentSession of(String name, int instances) {
        EnvironmentSpec spec = Environments.spec(name);
        if (instances < 1 || instances > FrameWriter.MOST_INSTANCES) {
            throw new InvalidInput("instances", "is " + instances + ", but must be 1 to " + FrameWriter.MOST_INSTANCES);
        }
        List<Environment> members = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            members.add(Environments.make(name));
        }
        return new EnvironmentSession(spec, members);
    }

    /** @param members at least one, all as {@code spec} says; closed with the session */
    EnvironmentSession(EnvironmentSpec spec, List<Environment> members) {
        this.spec = spec;
        this.members = List.copyOf(members);
        underWay = new boolean[members.size()];
        width = spec.observations().width();
        last = new float[members.size() * width];
    }

    /** Whether the learner has said goodbye, or {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Does what a frame asks for.
     *
     * @param request one frame, from its position to its limit
     * @return the answer, from its position to its limit
     */
    public ByteBuffer answer(ByteBuffer request) {
        int sequence = FrameReader.sequence(request);
        try {
            return FrameWriter.write(sequence, answer(FrameReader.read(request).message()));
        } catch (EngramException failure) {
            return FrameWriter.write(sequence, failed(failure));
        }
    }

    private Message answer(Message request) {
        if (closed && !(request instanceof Message.Close)) {
            throw new Conflict("frame", "comes after the session was closed");
        }
        return switch (request) {
            case Message.Describe() ->
                new Message.Described(
                        spec.name(), members.size(), spec.observations(), spec.actions(), spec.timeLimit());
            case Message.Begin begin -> begin(begin);
            case Message.Advance advance -> advance(advance);
            case Message.Close close -> {
                close();
                yield close;
            }
            case Message.Described unasked -> throw unasked();
            case Message.Answered unasked -> throw unasked();
            case Message.Failed unasked -> throw unasked();
        };
    }

    private Message begin(Message.Begin begin) {
        rows(begin.operations());
        for (int i = 0; i < members.size(); i++) {
            if (begin.operations()[i] == Message.RESET_SEEDED && begin.seeds()[i] < 0) {
                throw new InvalidInput("seeds[" + i + "]", "is " + begin.seeds()[i] + ", but must be 0 or more");
            }
        }
        Rows rows = new Rows(begin.info());
        for (int i = 0; i < members.size(); i++) {
            switch (begin.operations()[i]) {
                case Message.RESET -> rows.reset(i, ResetOptions.continued());
                case Message.RESET_SEEDED -> rows.reset(i, ResetOptions.of(begin.seeds()[i]));
                default -> rows.flags[i] = Message.LEFT;
            }
        }
        return rows.message();
    }

    private Message advance(Message.Advance advance) {
        rows(advance.operations());
        ActionSpace actions = spec.actions();
        boolean[] ignored = new boolean[members.size()];
        for (int i = 0; i < ignored.length; i++) {
            ignored[i] = advance.operations()[i] != Message.STEP;
            if (advance.operations()[i] == Message.RESET_SEEDED) {
                throw new InvalidInput("operations[" + i + "]", "asks for a seed, which this frame does not hold");
            }
            if (!ignored[i] && !underWay[i]) {
                throw new Conflict(
                        "operations[" + i + "]", "asks for a step, but no episode is under way; reset first");
            }
        }
        VectorChecks.actions(actions, members.size(), advance.actions(), ignored);
        Rows rows = new Rows(advance.info());
        for (int i = 0; i < members.size(); i++) {
            switch (advance.operations()[i]) {
                case Message.STEP -> rows.step(i, actions.unflatten(advance.actions(), i * actions.width()));
                case Message.RESET -> rows.reset(i, ResetOptions.continued());
                default -> rows.flags[i] = Message.LEFT;
            }
        }
        return rows.message();
    }

    private void rows(byte[] operations) {
        if (operations.length != members.size()) {
            throw new InvalidInput(
                    "operations", "has " + operations.length + " rows, but there are " + members.size() + " instances");
        }
    }

    private static InvalidInput unasked() {
        return new InvalidInput("frame", "is an answer, and nothing was asked");
    }

    private static Message failed(EngramException failure) {
        String text = String.valueOf(failure.getMessage());
        return switch (failure) {
            case InvalidInput invalid ->
                new Message.Failed(
                        Message.Reason.INVALID,
                        0,
                        invalid.errors().getFirst().field(),
                        invalid.errors().getFirst().message());
            case Conflict conflict -> new Message.Failed(Message.Reason.CONFLICT, 0, conflict.field(), text);
            case NonRetriable other -> new Message.Failed(Message.Reason.CONFLICT, 0, "", text);
            case Retriable later -> {
                int wait = (int) Math.min(later.retryAfter().toMillis(), Integer.MAX_VALUE);
                yield new Message.Failed(Message.Reason.UNAVAILABLE, wait, "", text);
            }
        };
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            members.forEach(Environment::close);
        }
    }

    /** What the rows of one answer become. */
    private final class Rows {
        private final byte[] flags = new byte[members.size()];
        private final double[] rewards = new double[members.size()];
        private final Info[] infos = new Info[members.size()];
        private final boolean withInfo;

        Rows(boolean withInfo) {
            this.withInfo = withInfo;
            Arrays.fill(infos, Info.none());
        }

        void reset(int row, ResetOptions options) {
            flags[row] = Message.BEGAN;
            try {
                Reset reset = members.get(row).reset(options);
                seen(row, reset.observation(), reset.info());
                underWay[row] = true;
            } catch (Unavailable away) {
                faulty(row, away);
            }
        }

        void step(int row, Action action) {
            try {
                Step step = members.get(row).step(action);
                seen(row, step.observation(), step.info());
                rewards[row] = step.reward();
                flags[row] = (byte) ((step.terminated() ? Message.TERMINATED : 0)
                        | (step.truncated() ? Message.TRUNCATED : 0)
                        | (step.info().faulty() ? Message.FAULTY : 0));
                underWay[row] = !step.finished();
            } catch (Unavailable away) {
                flags[row] = Message.TRUNCATED;
                faulty(row, away);
            }
        }

        private void faulty(int row, Unavailable away) {
            flags[row] |= Message.FAULTY;
            infos[row] = Info.fault(String.valueOf(away.getMessage()));
            underWay[row] = false;
        }

        private void seen(int row, float[] observation, Info info) {
            System.arraycopy(observation, 0, last, row * width, width);
            infos[row] = info;
        }

        Message message() {
            return new Message.Answered(flags, rewards, last.clone(), masks(), withInfo ? json() : List.of());
        }

        /** Nothing if no row has a mask; all true for a row without one. */
        private boolean[] masks() {
            int count = spec.actions() instanceof ActionSpace.Discrete(int of) ? of : 0;
            boolean[] masks = {};
            for (int row = 0; row < infos.length; row++) {
                boolean[] mask = infos[row].actionMask();
                if (mask != null && masks.length == 0) {
                    masks = new boolean[infos.length * count];
                    Arrays.fill(masks, true);
                }
                if (mask != null) {
                    System.arraycopy(mask, 0, masks, row * count, count);
                }
            }
            return masks;
        }

        private List<String> json() {
            List<String> json = new ArrayList<>();
            for (Info info : infos) {
                json.add(InfoJson.write(info));
            }
            return json;
        }
    }
}
