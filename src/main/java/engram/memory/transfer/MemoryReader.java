package engram.memory.transfer;

import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Reads memories item by item. An item that cannot be read is told and does not stop the others. Used by one thread;
 * closing closes the stream.
 */
public interface MemoryReader extends AutoCloseable {
    /** What the file says of itself; {@link Header#EMPTY} for formats that do not. */
    Header header();

    /**
     * The next item; empty after the last one.
     *
     * @throws Unavailable if the stream breaks
     */
    Optional<Item> next();

    /** What there is to say once {@link #next} has returned nothing. */
    Ending ending();

    @Override
    void close();

    /** The longest item that is read unless told otherwise, in bytes: 16 MiB. */
    int LONGEST_ITEM = 16 << 20;

    /**
     * A reader for what the stream holds, found out from its first bytes.
     *
     * @param in positioned at the beginning; owned by the reader
     * @param longestItem how many bytes one item may have; a longer one is told as a problem
     * @throws InvalidInput if it is no format that can be read
     */
    static MemoryReader open(InputStream in, int longestItem) {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        try {
            return switch (TransferFormat.detect(buffered)) {
                case ENGRAM -> new NdjsonReader(buffered, longestItem);
                case AGENT_MEMORY -> new AgentMemoryReader(buffered, longestItem);
            };
        } catch (IOException e) {
            throw TransferFormat.broken(e);
        }
    }

    /** One item of a file. */
    sealed interface Item {
        /** Its number in the file, from 0. */
        long index();
    }

    /** An item that could be read. */
    record Good(long index, TransferredMemory memory) implements Item {}

    /** An item that could not be read; the field is relative to the item. */
    record Bad(long index, FieldError problem) implements Item {}

    /**
     * What there is to say at the end.
     *
     * @param checksum whether the file is whole
     * @param notes what a person should know, such as what was left out
     */
    record Ending(Checksum checksum, List<String> notes) {
        public Ending {
            notes = List.copyOf(notes);
        }
    }

    /** Whether a file is whole. The JSON name is the constant's in lower case. */
    enum Checksum {
        /** The checksum and the number of memories are those of the file. */
        OK,
        /** The file has been changed since it was written. */
        DIFFERS,
        /** The file ends before its last line, which has the checksum. */
        MISSING,
        /** The format has none. */
        NONE
    }
}
