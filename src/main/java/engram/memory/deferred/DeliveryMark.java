package engram.memory.deferred;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * How far the writes of a space are delivered: two places in a file, written in turn, of which the higher sound one
 * counts. A mark that lags behind only makes writes be delivered again, which their keys and ids make harmless. Not
 * thread-safe.
 */
final class DeliveryMark implements AutoCloseable {
    static final String FILE = "delivered";

    private static final int PLACE = 12;

    private final FileChannel channel;
    private long mark;
    private int turn;

    DeliveryMark(Path directory) throws IOException {
        this.channel = FileChannel.open(
                directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ByteBuffer places = ByteBuffer.allocate(2 * PLACE);
        channel.read(places, 0);
        for (int place = 0; place < 2; place++) {
            long value = places.getLong(place * PLACE);
            if (places.getInt(place * PLACE + Long.BYTES) == checksum(value) && value > mark) {
                mark = value;
                turn = 1 - place;
            }
        }
    }

    long get() {
        return mark;
    }

    void set(long delivered) throws IOException {
        ByteBuffer place = ByteBuffer.allocate(PLACE)
                .putLong(delivered)
                .putInt(checksum(delivered))
                .flip();
        channel.write(place, (long) turn * PLACE);
        mark = delivered;
        turn = 1 - turn;
    }

    /** Makes the mark outlive a loss of power, too. */
    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        force();
        channel.close();
    }

    private static int checksum(long value) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
        return (int) checksum.getValue();
    }
}
