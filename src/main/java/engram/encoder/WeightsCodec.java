package engram.encoder;

import engram.error.Damaged;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Weights as bytes, little-endian: the letters {@code ENGW}, the format version, the number of weights; for each the
 * length of its name and the name in UTF-8, the number of axes and the length of each, and its numbers as 32-bit floats.
 * All lengths are 32-bit integers.
 */
final class WeightsCodec {
    private static final int MAGIC = 0x57474e45;
    private static final int FORMAT_VERSION = 1;
    private static final int MOST = 10_000;

    private WeightsCodec() {}

    static byte[] encode(Weights weights) {
        long size = 12;
        for (var entry : weights.byName().entrySet()) {
            size += 8L
                    + entry.getKey().getBytes(StandardCharsets.UTF_8).length
                    + 4L * entry.getValue().shape().size()
                    + 4L * entry.getValue().values().length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).putInt(FORMAT_VERSION).putInt(weights.byName().size());
        weights.byName().forEach((name, weight) -> {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            buffer.putInt(utf8.length).put(utf8).putInt(weight.shape().size());
            weight.shape().forEach(buffer::putInt);
            for (float value : weight.values()) {
                buffer.putFloat(value);
            }
        });
        return buffer.array();
    }

    static Weights decode(byte[] bytes, Path file) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (buffer.getInt() != MAGIC || buffer.getInt() != FORMAT_VERSION) {
                throw new Damaged(file + " does not hold weights of format " + FORMAT_VERSION);
            }
            int count = bounded(buffer.getInt(), file);
            SequencedMap<String, Weight> byName = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                byte[] name = new byte[bounded(buffer.getInt(), file)];
                buffer.get(name);
                byName.put(new String(name, StandardCharsets.UTF_8), weight(buffer, file));
            }
            return new Weights(byName);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new Damaged(file + " ends early or holds lengths that do not fit", e);
        }
    }

    private static Weight weight(ByteBuffer buffer, Path file) {
        int[] shape = new int[bounded(buffer.getInt(), file)];
        long numbers = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = buffer.getInt();
            numbers *= shape[axis];
        }
        if (numbers < 0 || numbers > buffer.remaining() / 4) {
            throw new Damaged(file + " ends early");
        }
        float[] values = new float[(int) numbers];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.getFloat();
        }
        return Weight.of(values, shape);
    }

    private static int bounded(int count, Path file) {
        if (count < 0 || count > MOST) {
            throw new Damaged(file + " holds a length of " + count);
        }
        return count;
    }
}
