package engram.agent;

import engram.error.Damaged;
import engram.tensor.AdamState;
import engram.tensor.ParameterValues;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A learner's state as bytes: a mark, the version of the format, then networks, optimizers and numbers by name. */
final class LearnerStateFormat {
    private static final int MARK = 0x454c5253;
    private static final int VERSION = 1;
    private static final int MOST_PARTS = 64;
    private static final int MOST_ARRAYS = 4_096;
    private static final int MOST_NUMBERS = 1 << 28;

    private LearnerStateFormat() {}

    static void write(DataOutput out, LearnerState state) throws IOException {
        out.writeInt(MARK);
        out.writeInt(VERSION);
        out.writeInt(state.parameters().size());
        for (Map.Entry<String, ParameterValues> network : new TreeMap<>(state.parameters()).entrySet()) {
            out.writeUTF(network.getKey());
            List<ParameterValues.Entry> arrays = network.getValue().entries();
            out.writeInt(arrays.size());
            for (ParameterValues.Entry array : arrays) {
                out.writeUTF(array.name());
                out.writeInt(array.shape().size());
                for (int length : array.shape()) {
                    out.writeInt(length);
                }
                writeFloats(out, array.values());
            }
        }
        out.writeInt(state.optimizers().size());
        for (Map.Entry<String, AdamState> optimizer : new TreeMap<>(state.optimizers()).entrySet()) {
            out.writeUTF(optimizer.getKey());
            out.writeLong(optimizer.getValue().steps());
            writeFloats(out, optimizer.getValue().first());
            writeFloats(out, optimizer.getValue().second());
        }
        out.writeInt(state.numbers().size());
        for (Map.Entry<String, Long> number : new TreeMap<>(state.numbers()).entrySet()) {
            out.writeUTF(number.getKey());
            out.writeLong(number.getValue());
        }
    }

    static LearnerState read(DataInput in) throws IOException {
        if (in.readInt() != MARK || in.readInt() != VERSION) {
            throw new Damaged("these are not the bytes of a learner of this version");
        }
        Map<String, ParameterValues> parameters = new LinkedHashMap<>();
        for (int left = count(in, MOST_PARTS); left > 0; left--) {
            parameters.put(in.readUTF(), readNetwork(in));
        }
        Map<String, AdamState> optimizers = new LinkedHashMap<>();
        for (int left = count(in, MOST_PARTS); left > 0; left--) {
            String name = in.readUTF();
            long steps = in.readLong();
            float[] first = readFloats(in);
            float[] second = readFloats(in);
            if (steps < 0 || first.length != second.length) {
                throw new Damaged("an optimizer of the learner is damaged");
            }
            optimizers.put(name, new AdamState(steps, first, second));
        }
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (int left = count(in, MOST_PARTS); left > 0; left--) {
            numbers.put(in.readUTF(), in.readLong());
        }
        return new LearnerState(parameters, optimizers, numbers);
    }

    private static ParameterValues readNetwork(DataInput in) throws IOException {
        List<ParameterValues.Entry> arrays = new ArrayList<>();
        for (int left = count(in, MOST_ARRAYS); left > 0; left--) {
            String name = in.readUTF();
            List<Integer> shape = new ArrayList<>();
            long places = 1;
            for (int dimensions = count(in, 8); dimensions > 0; dimensions--) {
                int length = count(in, MOST_NUMBERS);
                shape.add(length);
                places *= length;
                if (places > MOST_NUMBERS) {
                    throw new Damaged("a network of the learner is damaged");
                }
            }
            float[] values = readFloats(in);
            if (values.length != places) {
                throw new Damaged("a network of the learner is damaged");
            }
            arrays.add(new ParameterValues.Entry(name, shape, values));
        }
        return new ParameterValues(arrays);
    }

    private static int count(DataInput in, int most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new Damaged("the state of the learner says it has " + count + " parts of a kind");
        }
        return count;
    }

    private static void writeFloats(DataOutput out, float[] values) throws IOException {
        out.writeInt(values.length);
        byte[] bytes = new byte[values.length * Float.BYTES];
        ByteBuffer.wrap(bytes).asFloatBuffer().put(values);
        out.write(bytes);
    }

    private static float[] readFloats(DataInput in) throws IOException {
        byte[] bytes = new byte[count(in, MOST_NUMBERS) * Float.BYTES];
        in.readFully(bytes);
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }
}
