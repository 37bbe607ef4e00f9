package engram.benchmarks.vectors;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Rows of 384 little-endian float32 in a file without a header, which numpy reads as it is. Mapped into memory, so that
 * millions of rows need no heap. Reads are thread-safe.
 */
public final class VectorFile implements AutoCloseable {
    private static final ValueLayout.OfFloat NUMBER =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int WIDTH = VectorSource.DIMENSIONS;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment content;

    /** Opens a file that {@link #write} has written. */
    public VectorFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** How many rows there are. */
    public int rows() {
        return Math.toIntExact(content.byteSize() / Float.BYTES / WIDTH);
    }

    /** Copies rows to the start of an array. */
    public void read(int first, int count, float[] to) {
        MemorySegment.copy(content, NUMBER, (long) first * WIDTH * Float.BYTES, to, 0, count * WIDTH);
    }

    /** A row as a new array. */
    public float[] row(int number) {
        float[] row = new float[WIDTH];
        read(number, 1, row);
        return row;
    }

    static void write(Path file, VectorSource source, int count) throws IOException {
        ByteBuffer row = ByteBuffer.allocate(WIDTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (int i = 0; i < count; i++) {
                row.asFloatBuffer().put(source.next());
                out.write(row.array());
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
