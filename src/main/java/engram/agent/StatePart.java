package engram.agent;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A part of something's state that is saved and read by itself, such as a network or a replay table. */
public interface StatePart {
    /** The name, of lower-case letters and hyphens; the name of its file in a checkpoint. */
    String name();

    /** Writes the whole part. */
    void write(DataOutput out) throws IOException;

    /**
     * Replaces the part by what {@link #write} wrote.
     *
     * @throws engram.error.Damaged if it is something else
     */
    void read(DataInput in) throws IOException;

    /** A part that grows, so that what came since the last time can be written by itself. */
    interface Growing extends StatePart {
        /** How far it has grown, for {@link #writeSince}. */
        long mark();

        /** Writes what came since it was at {@code mark}. */
        void writeSince(DataOutput out, long mark) throws IOException;

        /** Takes in what {@link #writeSince} wrote, from where the part is now. */
        void readSince(DataInput in) throws IOException;
    }
}
