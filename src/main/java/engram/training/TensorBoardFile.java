package engram.training;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.zip.CRC32C;

/**
 * A file of scalars that TensorBoard reads: events in Google's protocol-buffer encoding, each framed as a TFRecord (length,
 * masked CRC-32C of the length, event, masked CRC-32C of the event). A record cut off by a crash is passed over by its
 * readers. Not thread-safe.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>
 */
final class TensorBoardFile implements AutoCloseable {
    private static final int MASK_DELTA = 0xa282ead8;
    private static final int WALL_TIME = (1 << 3) | 1;
    private static final int STEP = 2 << 3;
    private static final int FILE_VERSION = (3 << 3) | 2;
    private static final int SUMMARY = (5 << 3) | 2;
    private static final int SUMMARY_VALUE = (1 << 3) | 2;
    private static final int VALUE_TAG = (1 << 3) | 2;
    private static final int VALUE_NUMBER = (2 << 3) | 5;

    private final OutputStream out;
    private final InstantSource clock;

    /**
     * Begins a file in a directory of logs.
     *
     * @param directory created if absent
     */
    TensorBoardFile(Path directory, InstantSource clock) throws IOException {
        this.clock = clock;
        Files.createDirectories(directory);
        Instant now = clock.instant();
        // Later files of one directory sort behind earlier ones, which is the order TensorBoard reads them in.
        Path file = directory.resolve("events.out.tfevents." + now.getEpochSecond() + ".engram."
                + ProcessHandle.current().pid() + "." + now.getNano());
        out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        byte[] version = "brain.Event:2".getBytes(StandardCharsets.UTF_8);
        Message event = new Message(32);
        event.number(WALL_TIME, seconds());
        event.bytes(FILE_VERSION, version, version.length);
        write(event);
    }

    /** Adds a figure. */
    void scalar(String tag, long step, double value) throws IOException {
        byte[] name = tag.getBytes(StandardCharsets.UTF_8);
        Message number = new Message(name.length + 16);
        number.bytes(VALUE_TAG, name, name.length);
        number.number(VALUE_NUMBER, (float) value);
        Message summary = new Message(number.length() + 8);
        summary.bytes(SUMMARY_VALUE, number.array(), number.length());
        Message event = new Message(summary.length() + 40);
        event.number(WALL_TIME, seconds());
        event.number(STEP, step);
        event.bytes(SUMMARY, summary.array(), summary.length());
        write(event);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private double seconds() {
        Instant now = clock.instant();
        return now.getEpochSecond() + now.getNano() * 1e-9;
    }

    private void write(Message event) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(event.length() + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length());
        record.putInt(maskedChecksum(record.array(), 0, Long.BYTES));
        record.put(event.array(), 0, event.length());
        record.putInt(maskedChecksum(event.array(), 0, event.length()));
        // One call for each record: a crash loses at most the last one.
        out.write(record.array());
    }

    private static int maskedChecksum(byte[] bytes, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
    }

    /** A protocol-buffer message in the making. */
    private static final class Message {
        private final ByteBuffer buffer;

        private Message(int capacity) {
            buffer = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
        }

        private void number(int field, double value) {
            buffer.put((byte) field).putDouble(value);
        }

        private void number(int field, float value) {
            buffer.put((byte) field).putFloat(value);
        }

        private void number(int field, long value) {
            buffer.put((byte) field);
            variable(value);
        }

        private void bytes(int field, byte[] value, int length) {
            buffer.put((byte) field);
            variable(length);
            buffer.put(value, 0, length);
        }

        private void variable(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                buffer.put((byte) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            buffer.put((byte) rest);
        }

        private byte[] array() {
            return buffer.array();
        }

        private int length() {
            return buffer.position();
        }
    }
}
