package engram.service.command;

import engram.error.InvalidInput;
import engram.memory.transfer.Header;
import engram.memory.transfer.MemoryReader;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream of memories, of which the beginning has been looked at.
 *
 * @param header what it says of itself
 * @param stream all of it, from its beginning
 */
record ImportSource(Header header, InputStream stream) {
    /** How much more than its header a reader may have taken from a stream. */
    private static final int READ_AHEAD = 1 << 20;

    /**
     * Looks at the beginning of a stream.
     *
     * @param in not closed by this
     * @param source what it is, for messages
     * @throws InvalidInput if it is no format that can be read
     */
    static ImportSource open(InputStream in, String source, int longestItem) {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark((int) Math.min(Integer.MAX_VALUE, (long) longestItem + READ_AHEAD));
        try (MemoryReader reader = MemoryReader.open(new Unclosed(buffered), longestItem)) {
            Header header = reader.header();
            buffered.reset();
            return new ImportSource(header, buffered);
        } catch (InvalidInput e) {
            throw e.under(source);
        } catch (IOException e) {
            throw FileTrouble.of(source + " cannot be read", e);
        }
    }

    private static final class Unclosed extends FilterInputStream {
        private Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // It goes on being read.
        }
    }
}
