package engram.environment;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A way to another program that carries whole frames in order, such as a WebSocket with binary messages. One thread at a
 * time sends and receives; {@link #close} may come from any thread and ends a call that waits.
 */
public interface Channel extends AutoCloseable {
    /**
     * Sends one frame.
     *
     * @param frame from its position to its limit; it belongs to the sender again when this returns
     * @throws engram.error.Unreachable if the other side is gone
     */
    void send(ByteBuffer frame);

    /**
     * Waits for the next frame.
     *
     * @return the frame, from its position to its limit; it belongs to the receiver
     * @throws engram.error.Unreachable if none comes in time, or the other side is gone
     */
    ByteBuffer receive(Duration timeout);

    /** Ends the connection. Closing twice does nothing more. */
    @Override
    void close();
}
