package engram.replay;

import engram.error.Unavailable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.zip.CRC32C;

/**
 * Rows in mapped files, for more of them than memory has room for. Blocks of {@value #BLOCK} rows follow each other in a
 * ring that is one block longer than the capacity, so that a block is only written over when none of its rows count any
 * more. The block being filled is in memory; a full block goes into its file at once, and survives the end of the process
 * from then on; {@link #flush} writes what there is of the block being filled, too, and waits until all is on the disk.
 * What else is resident is the operating system's page cache: the recent blocks as a rule, given up when memory is needed.
 *
 * <p>Before its rows a block has two headers: number of the first row, how many rows, CRC-32C of these, how many rows have
 * been sampled from the table, and a CRC-32C of the header; the numbers are little-endian. They are written in turn, after
 * the rows, and rows that have been written stay as they are, so that a write that breaks off leaves the header before it
 * valid.
 */
final class MappedRows implements Rows {
    static final int BLOCK = 256;
    private static final int HEADER = 32;
    private static final int HEADERS = 2 * HEADER;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final RowLayout layout;
    private final int width;
    private final long blocks;
    private final MappedFiles files;
    private final FileChannel lock;
    private final float[] filling;
    private final float[] scratch;
    private final byte[] bytes;
    /** The number of the first row of the block being filled. */
    private long fillingFirst;

    private int filled;
    private int written;
    private boolean secondHeader;
    private long sampled;

    /** Opens the files of a directory, which is made where it is not there; {@link #recover} must follow. */
    MappedRows(RowLayout layout, int capacity, Path directory) throws IOException {
        this.layout = layout;
        this.width = layout.width();
        this.blocks = (capacity - 1) / BLOCK + 2L;
        Files.createDirectories(directory);
        this.lock = locked(directory.resolve("lock"));
        try {
            this.files = new MappedFiles(directory, HEADERS + (long) BLOCK * width * Float.BYTES, blocks, width);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        this.filling = new float[BLOCK * width];
        this.scratch = new float[width];
        this.bytes = new byte[BLOCK * width * Float.BYTES];
    }

    @Override
    public void put(int slot, long number, float[] row) {
        int place = (int) (number % BLOCK);
        if (place == 0 && filled > 0) {
            writeFilling();
            filled = 0;
            written = 0;
        }
        if (filled == 0) {
            files.makeRoom(block(number));
            fillingFirst = number - place;
        }
        System.arraycopy(row, 0, filling, place * width, width);
        filled = place + 1;
        if (filled == BLOCK) {
            writeFilling();
        }
    }

    @Override
    public void copy(int slot, long number, float[] row) {
        if (isFilling(number)) {
            System.arraycopy(filling, (int) (number - fillingFirst) * width, row, 0, width);
        } else {
            long at = HEADERS + number % BLOCK * width * Float.BYTES;
            MemorySegment.copy(files.block(block(number)), FLOAT, at, row, 0, width);
        }
    }

    @Override
    public void read(int slot, long number, Batch batch, int place) {
        copy(slot, number, scratch);
        layout.unpack(scratch, 0, batch, place);
    }

    @Override
    public float peek(int slot) {
        return 0;
    }

    @Override
    public float squaredDistance(int slot, long number, float[] like) {
        copy(slot, number, scratch);
        return SquaredDistance.of(like, scratch, 0);
    }

    @Override
    public void flush(long sampledSoFar) {
        sampled = sampledSoFar;
        if (filled > 0) {
            writeFilling();
        }
        files.force();
    }

    @Override
    public void close() {
        try {
            files.close();
            lock.close();
        } catch (IOException e) {
            throw new Unavailable("The files of the replay table could not be closed.", Duration.ofSeconds(1), e);
        }
    }

    /** Finds the newest row that is whole, and the whole ones before it without a gap. */
    Recovered recover(int capacity) {
        Header newest = Header.NONE;
        Header[] found = new Header[(int) blocks];
        int damaged = 0;
        for (int index = 0; index < blocks; index++) {
            found[index] = Header.NONE;
            if (files.has(index)) {
                found[index] = header(index);
                damaged += found[index].count < 0 ? 1 : 0;
                newest = found[index].end() > newest.end() ? found[index] : newest;
            }
        }
        if (newest.count <= 0) {
            return new Recovered(0, 0, 0, damaged);
        }
        long first = newest.first;
        while (first >= BLOCK && newest.end() - first < capacity) {
            Header before = found[block(first - BLOCK)];
            if (before.first != first - BLOCK || before.count != BLOCK) {
                break;
            }
            first -= BLOCK;
        }
        restore(newest);
        return new Recovered(newest.end(), newest.sampled, (int) Math.min(capacity, newest.end() - first), damaged);
    }

    /** Takes the newest block up where it was left. */
    private void restore(Header newest) {
        MemorySegment.copy(files.block(block(newest.first)), FLOAT, HEADERS, filling, 0, newest.count * width);
        fillingFirst = newest.first;
        filled = newest.count;
        written = newest.count;
        secondHeader = newest.place == 0;
        sampled = newest.sampled;
    }

    private void writeFilling() {
        if (written == filled) {
            return;
        }
        MemorySegment block = files.block(block(fillingFirst));
        long from = HEADERS + (long) written * width * Float.BYTES;
        MemorySegment.copy(filling, written * width, block, FLOAT, from, (filled - written) * width);
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(fillingFirst)
                .putInt(filled)
                .putInt(checksum(block, filled))
                .putLong(sampled);
        header.putInt(checksum(header.array()));
        MemorySegment.copy(header.array(), 0, block, ValueLayout.JAVA_BYTE, secondHeader ? HEADER : 0, HEADER);
        secondHeader = !secondHeader;
        written = filled;
    }

    /** The valid header of a block that says most; one of −1 rows where there was one and none is valid. */
    private Header header(int index) {
        MemorySegment block = files.block(index);
        Header best = Header.NONE;
        boolean any = false;
        for (int place = 0; place < 2; place++) {
            byte[] raw = new byte[HEADER];
            MemorySegment.copy(block, ValueLayout.JAVA_BYTE, (long) place * HEADER, raw, 0, HEADER);
            ByteBuffer header = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
            long first = header.getLong();
            int count = header.getInt();
            int rows = header.getInt();
            long sampledThen = header.getLong();
            any |= count != 0;
            boolean whole = count > 0
                    && count <= BLOCK
                    && header.getInt() == checksum(raw)
                    && first >= 0
                    && block(first) == index
                    && rows == checksum(block, count);
            if (whole && first + count > best.end()) {
                best = new Header(first, count, sampledThen, place);
            }
        }
        return best.count == 0 && any ? new Header(0, -1, 0, 0) : best;
    }

    private int checksum(MemorySegment block, int rows) {
        int length = rows * width * Float.BYTES;
        MemorySegment.copy(block, ValueLayout.JAVA_BYTE, HEADERS, bytes, 0, length);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    private static int checksum(byte[] header) {
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, HEADER - 2 * Integer.BYTES);
        return (int) checksum.getValue();
    }

    private boolean isFilling(long number) {
        return number >= fillingFirst && number < fillingFirst + filled;
    }

    private int block(long number) {
        return (int) (number / BLOCK % blocks);
    }

    private static FileChannel locked(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Said below, as of another process.
        }
        channel.close();
        throw new Unavailable(
                "The replay table in " + file.getParent() + " is in use already.", Duration.ofSeconds(10));
    }

    /**
     * What was found in the files.
     *
     * @param damaged how many blocks had been written and were not whole; their rows are gone
     */
    record Recovered(long inserted, long sampled, int size, int damaged) {}

    private record Header(long first, int count, long sampled, int place) {
        static final Header NONE = new Header(0, 0, 0, 0);

        long end() {
            return first + Math.max(0, count);
        }
    }
}
