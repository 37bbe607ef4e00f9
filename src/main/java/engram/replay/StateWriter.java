package engram.replay;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes numbers in large pieces, big-endian, and checksums over them. */
final class StateWriter {
    private final DataOutput out;
    private final ByteBuffer piece = ByteBuffer.allocate(1 << 16);
    private final CRC32C checksum = new CRC32C();

    StateWriter(DataOutput out) {
        this.out = out;
    }

    StateWriter putInt(int value) throws IOException {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    StateWriter putLong(long value) throws IOException {
        room(Long.BYTES).putLong(value);
        return this;
    }

    StateWriter putDouble(double value) throws IOException {
        room(Double.BYTES).putDouble(value);
        return this;
    }

    StateWriter putFloat(float value) throws IOException {
        room(Float.BYTES).putFloat(value);
        return this;
    }

    StateWriter putFloats(float[] values, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            putFloat(values[i]);
        }
        return this;
    }

    /** Writes the checksum of everything since the last one, and hands everything over. */
    void putChecksum() throws IOException {
        flush();
        out.writeInt((int) checksum.getValue());
        checksum.reset();
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (piece.remaining() < bytes) {
            flush();
        }
        return piece;
    }

    private void flush() throws IOException {
        checksum.update(piece.array(), 0, piece.position());
        out.write(piece.array(), 0, piece.position());
        piece.clear();
    }
}
