package engram.environment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * An environment that can be put down in the middle of an episode and taken up again, in this process or another: what
 * follows is the same bit for bit. The built-in environments are, and vectors of them.
 */
public interface Savable {
    /**
     * Writes the whole state: where the episode is, and the generator.
     *
     * @throws IOException if writing fails
     */
    void save(DataOutput output) throws IOException;

    /**
     * Takes up what {@link #save} wrote for an environment of the same kind.
     *
     * @throws engram.error.Damaged if it is something else
     * @throws IOException if reading fails
     */
    void restore(DataInput input) throws IOException;
}
