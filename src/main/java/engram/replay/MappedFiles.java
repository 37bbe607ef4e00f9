package engram.replay;

import engram.error.Damaged;
import engram.error.StorageFull;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of a fixed size that hold blocks of a fixed size, each file after a page of its own with the letters {@code ENGM},
 * the format version, the width of a row and the size of a block. A file is written full of zeros before it is mapped: a
 * full disk then shows as an error of the write, where a hole that cannot be filled would end the process.
 */
final class MappedFiles implements AutoCloseable {
    private static final int MAGIC = 0x454e474d;
    private static final int VERSION = 1;
    private static final int PAGE = 4_096;
    private static final long FILE = 16L << 20;

    private final Path directory;
    private final long blockSize;
    private final int blocksInFile;
    private final long blocks;
    private final int width;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> files = new ArrayList<>();

    MappedFiles(Path directory, long blockSize, long blocks, int width) throws IOException {
        this.directory = directory;
        this.blockSize = blockSize;
        this.blocks = blocks;
        this.blocksInFile = (int) Math.max(1, Math.min(blocks, (FILE - PAGE) / blockSize));
        this.width = width;
        try {
            while (Files.exists(path(files.size()))) {
                files.add(map(path(files.size())));
            }
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Whether there is room for a block. */
    boolean has(int index) {
        return index / blocksInFile < files.size();
    }

    /** Makes room for a block where there is none: room comes in order. */
    void makeRoom(int index) {
        while (!has(index)) {
            files.add(create(path(files.size())));
        }
    }

    /** A block that there is room for. */
    MemorySegment block(int index) {
        return files.get(index / blocksInFile).asSlice(PAGE + index % blocksInFile * blockSize, blockSize);
    }

    /** Waits until everything is on the disk. */
    void force() {
        files.forEach(MemorySegment::force);
    }

    @Override
    public void close() {
        arena.close();
    }

    private MemorySegment create(Path path) {
        Path growing = path.resolveSibling(path.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    growing,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
                for (long left = size(); left > 0; left -= zeros.limit()) {
                    zeros.clear().limit((int) Math.min(zeros.capacity(), left));
                    while (zeros.hasRemaining()) {
                        channel.write(zeros);
                    }
                }
                channel.write(header().flip(), 0);
                channel.force(true);
            }
            Files.move(growing, path);
            return map(path);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(growing);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw new StorageFull("There is no room for more of the replay table in " + directory + ".", e);
        }
    }

    private MemorySegment map(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(header().position());
            channel.read(header, 0);
            if (channel.size() != size() || !header.flip().equals(header().flip())) {
                throw new Damaged(path + " does not belong to a replay table of this shape and capacity in format "
                        + VERSION + ": move it away.");
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, size(), arena);
        }
    }

    private ByteBuffer header() {
        return ByteBuffer.allocate(PAGE)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putInt(width)
                .putLong(blockSize)
                .putLong(blocks);
    }

    private long size() {
        return PAGE + blocksInFile * blockSize;
    }

    private Path path(int index) {
        return directory.resolve("rows-%06d".formatted(index));
    }
}
