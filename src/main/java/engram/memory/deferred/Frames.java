package engram.memory.deferred;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The format of a file of the spool, version 1. All numbers are big-endian.
 *
 * <pre>
 * file   8 bytes "ENGRSPOL", 4 bytes version, 4 bytes CRC32C of the 12 before; then frames
 * frame  4 bytes "ENFR", 4 bytes length of the content, 8 bytes sequence number, 4 bytes CRC32C of the 16 before;
 *        the content; 4 bytes CRC32C of the content
 * </pre>
 *
 * <p>The header of a frame has a checksum of its own, so that a file that was cut off (its last frame is shorter than a
 * sound header says) is told from one that was damaged.
 */
final class Frames {
    static final int VERSION = 1;
    static final int FILE_HEADER = 16;
    static final int FRAME_HEADER = 20;
    static final int FRAME_TRAILER = 4;

    private static final long MAGIC = 0x454e_4752_5350_4f4cL;
    private static final int MARK = 0x454e_4652;
    private static final int CHECKED_OF_FILE = 12;
    private static final int CHECKED_OF_FRAME = 16;

    private Frames() {}

    /** What a file begins with. */
    static ByteBuffer fileHeader() {
        return fileHeader(VERSION);
    }

    static ByteBuffer fileHeader(int version) {
        ByteBuffer header = ByteBuffer.allocate(FILE_HEADER).putLong(MAGIC).putInt(version);
        return header.putInt(checksum(header.array(), 0, CHECKED_OF_FILE)).flip();
    }

    /** How many bytes a content has with its frame. */
    static int size(int content) {
        return FRAME_HEADER + content + FRAME_TRAILER;
    }

    /** A framed content. */
    static ByteBuffer frame(long sequence, byte[] content) {
        ByteBuffer frame = ByteBuffer.allocate(size(content.length))
                .putInt(MARK)
                .putInt(content.length)
                .putLong(sequence);
        frame.putInt(checksum(frame.array(), 0, CHECKED_OF_FRAME));
        return frame.put(content).putInt(checksum(content, 0, content.length)).flip();
    }

    /** Finds every sound frame of a file, and what lies between them. */
    static Scanned scan(byte[] file) {
        List<Frame> frames = new ArrayList<>();
        List<Damage> damages = new ArrayList<>();
        int at = FILE_HEADER;
        if (file.length < FILE_HEADER || isZero(file, 0)) {
            return new Scanned(VERSION, frames, damages, 0);
        }
        int version = versionOf(file);
        if (version < 0) {
            at = nextFrame(file, 0);
            damages.add(new Damage(0, at, "the beginning of the file is damaged"));
        } else if (version != VERSION) {
            return new Scanned(version, frames, damages, file.length);
        }
        while (at < file.length) {
            if (file.length - at < FRAME_HEADER || isZero(file, at)) {
                return new Scanned(VERSION, frames, damages, at);
            }
            int content = contentLength(file, at);
            if (content < 0) {
                int next = nextFrame(file, at + 1);
                damages.add(new Damage(at, next, "the header of a write is damaged"));
                at = next;
                continue;
            }
            if (content > file.length - at - FRAME_HEADER - FRAME_TRAILER) {
                return new Scanned(VERSION, frames, damages, at);
            }
            int end = at + size(content);
            if (isSound(file, at, content)) {
                frames.add(new Frame(ByteBuffer.wrap(file).getLong(at + 8), at, content));
            } else {
                damages.add(new Damage(at, end, "a write is damaged"));
            }
            at = end;
        }
        return new Scanned(VERSION, frames, damages, at);
    }

    /** The content of a frame that {@link #scan} found; empty if it is damaged by now. */
    static byte[] content(byte[] frame) {
        if (frame.length < size(0)) {
            return new byte[0];
        }
        int content = contentLength(frame, 0);
        return content == frame.length - size(0) && isSound(frame, 0, content)
                ? Arrays.copyOfRange(frame, FRAME_HEADER, FRAME_HEADER + content)
                : new byte[0];
    }

    private static int versionOf(byte[] file) {
        ByteBuffer header = ByteBuffer.wrap(file);
        boolean sound =
                header.getLong(0) == MAGIC && header.getInt(CHECKED_OF_FILE) == checksum(file, 0, CHECKED_OF_FILE);
        return sound ? header.getInt(8) : -1;
    }

    /** The length that a sound header of a frame names, -1 if there is none at this place. */
    private static int contentLength(byte[] file, int at) {
        ByteBuffer header = ByteBuffer.wrap(file);
        boolean sound = header.getInt(at) == MARK
                && header.getInt(at + CHECKED_OF_FRAME) == checksum(file, at, CHECKED_OF_FRAME);
        return sound ? header.getInt(at + 4) : -1;
    }

    private static boolean isSound(byte[] file, int at, int content) {
        int from = at + FRAME_HEADER;
        return ByteBuffer.wrap(file).getInt(from + content) == checksum(file, from, content);
    }

    private static int nextFrame(byte[] file, int from) {
        for (int at = from; at <= file.length - FRAME_HEADER; at++) {
            if (file[at] == (byte) (MARK >>> 24) && contentLength(file, at) >= 0) {
                return at;
            }
        }
        return file.length;
    }

    /** Whether nothing follows but zeros, which some file systems leave of an interrupted write. */
    private static boolean isZero(byte[] file, int from) {
        for (int at = from; at < file.length; at++) {
            if (file[at] != 0) {
                return false;
            }
        }
        return true;
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, length);
        return (int) checksum.getValue();
    }

    /**
     * A sound frame.
     *
     * @param sequence the number of the write, from 1
     * @param offset where it begins in the file
     * @param content how many bytes its content has
     */
    record Frame(long sequence, int offset, int content) {}

    /** Bytes that are no frame but should be. */
    record Damage(int from, int to, String what) {}

    /**
     * What a file holds.
     *
     * @param version the format it is in
     * @param frames the sound frames, in order
     * @param damages what lies between them
     * @param end where the file would go on; shorter than the file if its last write was cut off
     */
    record Scanned(int version, List<Frame> frames, List<Damage> damages, int end) {}
}
