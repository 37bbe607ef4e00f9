package engram.replay;

import engram.error.Damaged;
import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Reads what {@link StateWriter} wrote, and not a byte more. */
final class StateReader {
    private final DataInput in;
    private final byte[] bytes = new byte[1 << 16];
    private final ByteBuffer piece = ByteBuffer.wrap(bytes);
    private final CRC32C checksum = new CRC32C();

    StateReader(DataInput in) {
        this.in = in;
    }

    int getInt() throws IOException {
        return fill(Integer.BYTES).getInt();
    }

    long getLong() throws IOException {
        return fill(Long.BYTES).getLong();
    }

    double getDouble() throws IOException {
        return fill(Double.BYTES).getDouble();
    }

    float getFloat() throws IOException {
        return fill(Float.BYTES).getFloat();
    }

    void getFloats(float[] values, int count) throws IOException {
        int most = bytes.length / Float.BYTES;
        for (int done = 0; done < count; done += most) {
            int now = Math.min(most, count - done);
            fill(now * Float.BYTES).asFloatBuffer().get(values, done, now);
        }
    }

    /** Compares the checksum of everything since the last one. */
    void checkChecksum() throws IOException {
        int expected = (int) checksum.getValue();
        checksum.reset();
        if (getInt() != expected) {
            throw new Damaged("The saved replay table does not match its checksum: take an older checkpoint.");
        }
        checksum.reset();
    }

    private ByteBuffer fill(int count) throws IOException {
        try {
            in.readFully(bytes, 0, count);
        } catch (EOFException e) {
            throw new Damaged("The saved replay table ends early: take an older checkpoint.", e);
        }
        checksum.update(bytes, 0, count);
        return piece.clear().limit(count);
    }
}
