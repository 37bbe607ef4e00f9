package engram.memory.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Splits a stream into lines of bytes without ever holding more than one of bounded length. */
final class Lines {
    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;

    Lines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** The next line, null after the last one. */
    @Nullable
    Line next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        boolean tooLong = false;
        boolean begun = false;
        while (fill()) {
            begun = true;
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            int length = end - position;
            tooLong |= bytes.size() + (long) length > longest;
            if (!tooLong) {
                bytes.write(buffer, position, length);
            }
            boolean complete = end < limit;
            position = complete ? end + 1 : end;
            if (complete) {
                return new Line(bytes.toByteArray(), true, tooLong);
            }
        }
        return begun ? new Line(bytes.toByteArray(), false, tooLong) : null;
    }

    private boolean fill() throws IOException {
        while (position == limit) {
            int read = in.read(buffer, 0, buffer.length);
            if (read < 0) {
                return false;
            }
            position = 0;
            limit = read;
        }
        return true;
    }

    /** A line. */
    static final class Line {
        private final byte[] bytes;
        private final boolean terminated;
        private final boolean tooLong;

        private Line(byte[] bytes, boolean terminated, boolean tooLong) {
            this.bytes = bytes;
            this.terminated = terminated;
            this.tooLong = tooLong;
        }

        /** The bytes without the line feed; cut off somewhere if too long. Not a copy. */
        byte[] bytes() {
            return bytes;
        }

        /** Whether a line feed followed. */
        boolean terminated() {
            return terminated;
        }

        /** Whether the line was longer than the longest that is read. */
        boolean tooLong() {
            return tooLong;
        }

        boolean isBlank() {
            for (byte each : bytes) {
                if (each != ' ' && each != '\r' && each != '\t') {
                    return false;
                }
            }
            return !tooLong;
        }
    }
}
