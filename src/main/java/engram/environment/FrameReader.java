package engram.environment;

import engram.error.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads frames from a program that is not trusted. Whatever the bytes are, the answer is a message or an
 * {@link InvalidInput} naming {@code frame}; nothing is allocated that the frame is not long enough for.
 */
final class FrameReader {
    private final ByteBuffer frame;

    /** A message and the number of its request. */
    record Frame(int sequence, Message message) {}

    private FrameReader(ByteBuffer frame) {
        this.frame = frame;
    }

    /**
     * Reads one frame, from the position to the limit.
     *
     * @throws InvalidInput naming {@code frame} if it is none
     */
    static Frame read(ByteBuffer bytes) {
        FrameReader reader = new FrameReader(bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
        return reader.read();
    }

    /** The number of the request, even if the rest is no frame; 0 if there is none. */
    static int sequence(ByteBuffer bytes) {
        boolean numbered = bytes.remaining() >= FrameWriter.HEADER;
        return numbered ? bytes.slice().order(ByteOrder.LITTLE_ENDIAN).getInt(8) : 0;
    }

    private Frame read() {
        if (frame.remaining() < FrameWriter.HEADER || frame.remaining() > FrameWriter.MOST_BYTES) {
            throw invalid("has " + frame.remaining() + " bytes, but a frame has " + FrameWriter.HEADER + " to "
                    + FrameWriter.MOST_BYTES);
        }
        if (frame.getInt() != FrameWriter.MAGIC) {
            throw invalid("does not begin with ENVF");
        }
        byte version = frame.get();
        if (version != FrameWriter.VERSION) {
            throw invalid("is of version " + version + "; only " + FrameWriter.VERSION + " is known");
        }
        byte kind = frame.get();
        if (frame.getShort() != 0) {
            throw invalid("has something in the bytes 6 and 7");
        }
        int sequence = frame.getInt();
        int length = frame.getInt();
        if (length != frame.remaining()) {
            throw invalid("says that its body has " + length + " bytes, but it has " + frame.remaining());
        }
        Message message = body(kind);
        if (frame.hasRemaining()) {
            throw invalid("has " + frame.remaining() + " bytes too many");
        }
        return new Frame(sequence, message);
    }

    private Message body(byte kind) {
        return switch (kind) {
            case FrameWriter.DESCRIBE -> new Message.Describe();
            case FrameWriter.DESCRIBED -> described();
            case FrameWriter.BEGIN -> begin();
            case FrameWriter.ADVANCE -> advance();
            case FrameWriter.ANSWERED -> answered();
            case FrameWriter.FAILED -> failed();
            case FrameWriter.CLOSE -> new Message.Close();
            default -> throw invalid("is of the unknown kind " + kind);
        };
    }

    private Message described() {
        int instances = number("instances", FrameWriter.MOST_INSTANCES);
        int timeLimit = number("time limit", Integer.MAX_VALUE);
        String name = text();
        try {
            int width = number("observation width", Bounds.MOST);
            ObservationSpace observations = new ObservationSpace(floats(width), floats(width));
            boolean box = flag("action kind");
            int count = number("action width", Bounds.MOST);
            ActionSpace actions =
                    box ? new ActionSpace.Box(floats(count), floats(count)) : new ActionSpace.Discrete(count);
            return new Message.Described(name, instances, observations, actions, timeLimit);
        } catch (InvalidInput refused) {
            throw refused.errors().getFirst().field().equals("frame")
                    ? refused
                    : invalid(String.valueOf(refused.getMessage()));
        }
    }

    private Message begin() {
        int rows = number("rows", FrameWriter.MOST_INSTANCES);
        boolean info = flag("info");
        byte[] operations = bytes(rows, Message.RESET_SEEDED, "operation");
        need(Long.BYTES * (long) rows);
        long[] seeds = new long[rows];
        frame.asLongBuffer().get(seeds);
        frame.position(frame.position() + Long.BYTES * rows);
        return new Message.Begin(info, operations, seeds);
    }

    private Message advance() {
        int rows = number("rows", FrameWriter.MOST_INSTANCES);
        int width = number("action width", Bounds.MOST);
        boolean info = flag("info");
        byte[] operations = bytes(rows, Message.STEP, "operation");
        return new Message.Advance(info, operations, floats((long) rows * width));
    }

    private Message answered() {
        int rows = number("rows", FrameWriter.MOST_INSTANCES);
        int width = number("observation width", Bounds.MOST);
        int maskWidth = number("mask width", Bounds.MOST);
        boolean withInfos = flag("infos");
        byte[] flags = bytes(rows, (byte) 31, "flags");
        need(Double.BYTES * (long) rows);
        double[] rewards = new double[rows];
        frame.asDoubleBuffer().get(rewards);
        frame.position(frame.position() + Double.BYTES * rows);
        float[] observations = floats((long) rows * width);
        byte[] possible = bytes((long) rows * maskWidth, (byte) 1, "mask");
        boolean[] masks = new boolean[possible.length];
        for (int i = 0; i < masks.length; i++) {
            masks[i] = possible[i] == 1;
        }
        List<String> infos = new ArrayList<>();
        for (int i = 0; withInfos && i < rows; i++) {
            infos.add(text(number("info", FrameWriter.MOST_INFO)));
        }
        return new Message.Answered(flags, rewards, observations, masks, infos);
    }

    private Message failed() {
        need(1);
        byte code = frame.get();
        for (Message.Reason reason : Message.Reason.values()) {
            if (reason.code == code) {
                return new Message.Failed(reason, number("retry after", Integer.MAX_VALUE), text(), text());
            }
        }
        throw invalid("gives the unknown reason " + code);
    }

    /** Four bytes, a number from 0 to {@code most}. */
    private int number(String what, int most) {
        need(Integer.BYTES);
        int number = frame.getInt();
        if (number < 0 || number > most) {
            throw invalid("has " + Integer.toUnsignedString(number) + " as " + what + "; at most " + most + " goes");
        }
        return number;
    }

    private boolean flag(String what) {
        return bytes(1, (byte) 1, what)[0] == 1;
    }

    private byte[] bytes(long count, byte most, String what) {
        need(count);
        byte[] bytes = new byte[(int) count];
        frame.get(bytes);
        for (byte value : bytes) {
            if (value < 0 || value > most) {
                throw invalid("has " + value + " as " + what);
            }
        }
        return bytes;
    }

    private float[] floats(long count) {
        need(Float.BYTES * count);
        float[] values = new float[(int) count];
        frame.asFloatBuffer().get(values);
        frame.position(frame.position() + Float.BYTES * values.length);
        return values;
    }

    private String text() {
        need(Short.BYTES);
        int length = frame.getShort();
        if (length < 0 || length > FrameWriter.MOST_TEXT) {
            throw invalid("has a text of " + (length & 0xffff) + " bytes; at most " + FrameWriter.MOST_TEXT + " go");
        }
        return text(length);
    }

    private String text(int length) {
        need(length);
        byte[] bytes = new byte[length];
        frame.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void need(long bytes) {
        if (frame.remaining() < bytes) {
            throw invalid("ends after " + frame.limit() + " bytes, " + (bytes - frame.remaining()) + " too early");
        }
    }

    private static InvalidInput invalid(String message) {
        return new InvalidInput("frame", message);
    }
}
