package engram.environment;

import engram.error.TooLarge;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes frames; {@link FrameReader} reads them. {@code docs/environments.md} has the bytes. */
final class FrameWriter {
    /** {@code ENVF}, the first bytes of every frame. */
    static final int MAGIC = 0x46564e45;

    static final byte VERSION = 1;
    /** Magic, version, kind, two bytes that are 0, sequence number, length of the body. */
    static final int HEADER = 16;
    /** The longest frame, in bytes. */
    static final int MOST_BYTES = 16 << 20;

    static final int MOST_INSTANCES = 1 << 16;
    /** The longest name, field or message, in bytes. */
    static final int MOST_TEXT = 4_096;
    /** The longest info of a row, in bytes. */
    static final int MOST_INFO = 1 << 16;

    static final byte DESCRIBE = 1;
    static final byte DESCRIBED = 2;
    static final byte BEGIN = 3;
    static final byte ADVANCE = 4;
    static final byte ANSWERED = 5;
    static final byte FAILED = 6;
    static final byte CLOSE = 7;

    private FrameWriter() {}

    /**
     * One frame, from position 0 to its limit.
     *
     * @param sequence the number of the request; an answer bears that of its request
     * @throws TooLarge if it would exceed {@link #MOST_BYTES}
     */
    static ByteBuffer write(int sequence, Message message) {
        return switch (message) {
            case Message.Describe() -> frame(sequence, DESCRIBE, 0).flip();
            case Message.Described described -> described(sequence, described);
            case Message.Begin begin -> begin(sequence, begin);
            case Message.Advance advance -> advance(sequence, advance);
            case Message.Answered answered -> answered(sequence, answered);
            case Message.Failed failed -> failed(sequence, failed);
            case Message.Close() -> frame(sequence, CLOSE, 0).flip();
        };
    }

    private static ByteBuffer described(int sequence, Message.Described described) {
        byte[] name = text(described.name());
        int width = described.observations().width();
        long actions =
                switch (described.actions()) {
                    case ActionSpace.Discrete _ -> 0;
                    case ActionSpace.Box box -> 8L * box.width();
                };
        ByteBuffer frame = frame(sequence, DESCRIBED, 4 + 4 + 2 + name.length + 4 + 8L * width + 1 + 4 + actions);
        frame.putInt(described.instances()).putInt(described.timeLimit());
        frame.putShort((short) name.length).put(name);
        frame.putInt(width);
        put(frame, described.observations().low());
        put(frame, described.observations().high());
        switch (described.actions()) {
            case ActionSpace.Discrete(int count) -> frame.put((byte) 0).putInt(count);
            case ActionSpace.Box box -> {
                frame.put((byte) 1).putInt(box.width());
                put(frame, box.low());
                put(frame, box.high());
            }
        }
        return frame.flip();
    }

    private static ByteBuffer begin(int sequence, Message.Begin begin) {
        int rows = begin.operations().length;
        ByteBuffer frame = frame(sequence, BEGIN, 4 + 1 + 9L * rows);
        frame.putInt(rows).put((byte) (begin.info() ? 1 : 0)).put(begin.operations());
        frame.asLongBuffer().put(begin.seeds());
        return frame.position(frame.limit()).flip();
    }

    private static ByteBuffer advance(int sequence, Message.Advance advance) {
        int rows = advance.operations().length;
        ByteBuffer frame = frame(sequence, ADVANCE, 4 + 4 + 1 + rows + 4L * advance.actions().length);
        frame.putInt(rows).putInt(advance.actions().length / Math.max(1, rows));
        frame.put((byte) (advance.info() ? 1 : 0)).put(advance.operations());
        put(frame, advance.actions());
        return frame.flip();
    }

    private static ByteBuffer answered(int sequence, Message.Answered answered) {
        int rows = answered.flags().length;
        int divisor = Math.max(1, rows);
        List<byte[]> infos = new ArrayList<>();
        long infoBytes = 0;
        for (String info : answered.infos()) {
            byte[] bytes = info.getBytes(StandardCharsets.UTF_8);
            infos.add(bytes.length > MOST_INFO ? new byte[0] : bytes);
            infoBytes += 4 + infos.getLast().length;
        }
        long length =
                4 + 4 + 4 + 1 + 9L * rows + 4L * answered.observations().length + answered.masks().length + infoBytes;
        ByteBuffer frame = frame(sequence, ANSWERED, length);
        frame.putInt(rows);
        frame.putInt(answered.observations().length / divisor);
        frame.putInt(answered.masks().length / divisor);
        frame.put((byte) (infos.isEmpty() ? 0 : 1));
        frame.put(answered.flags());
        frame.asDoubleBuffer().put(answered.rewards());
        frame.position(frame.position() + Double.BYTES * rows);
        put(frame, answered.observations());
        for (boolean possible : answered.masks()) {
            frame.put((byte) (possible ? 1 : 0));
        }
        for (byte[] info : infos) {
            frame.putInt(info.length).put(info);
        }
        return frame.flip();
    }

    private static ByteBuffer failed(int sequence, Message.Failed failed) {
        byte[] field = text(failed.field());
        byte[] text = text(failed.text());
        ByteBuffer frame = frame(sequence, FAILED, 1 + 4 + 2 + field.length + 2 + text.length);
        frame.put(failed.reason().code).putInt(failed.retryAfter());
        frame.putShort((short) field.length).put(field);
        frame.putShort((short) text.length).put(text);
        return frame.flip();
    }

    private static ByteBuffer frame(int sequence, byte kind, long length) {
        if (length + HEADER > MOST_BYTES) {
            throw new TooLarge("frame", "would have " + (length + HEADER) + " bytes; at most " + MOST_BYTES + " go");
        }
        ByteBuffer frame = ByteBuffer.allocate((int) length + HEADER).order(ByteOrder.LITTLE_ENDIAN);
        return frame.putInt(MAGIC)
                .put(VERSION)
                .put(kind)
                .putShort((short) 0)
                .putInt(sequence)
                .putInt((int) length);
    }

    private static void put(ByteBuffer frame, float[] values) {
        frame.asFloatBuffer().put(values);
        frame.position(frame.position() + Float.BYTES * values.length);
    }

    /** Cut off where it is too long; a character that is cut in two is replaced when it is read. */
    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MOST_TEXT ? bytes : Arrays.copyOf(bytes, MOST_TEXT);
    }
}
