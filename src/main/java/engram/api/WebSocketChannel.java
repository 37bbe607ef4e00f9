package engram.api;

import engram.environment.Channel;
import engram.error.Unreachable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Frames over a WebSocket, one in each binary message. Made on the socket's event loop. */
final class WebSocketChannel implements Channel {
    /** Messages that nobody asked for, before the other side counts as confused. */
    private static final int MOST_WAITING = 64;

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final ByteBuffer END = ByteBuffer.allocate(0);
    private static final int LONGEST_REASON = 120;

    private final ServerWebSocket socket;
    private final BlockingQueue<ByteBuffer> frames = new LinkedBlockingQueue<>(MOST_WAITING);
    private volatile boolean ended;

    WebSocketChannel(ServerWebSocket socket) {
        this.socket = socket;
        socket.binaryMessageHandler(message -> {
            if (!frames.offer(ByteBuffer.wrap(message.getBytes()))) {
                refuse(socket, "messages that nobody asked for");
            }
        });
        socket.textMessageHandler(message -> refuse(socket, "frames come in binary messages"));
    }

    /** To be called when the socket has been closed; whoever waits learns of it. */
    void end() {
        ended = true;
        if (!frames.offer(END)) {
            // Whoever takes the messages that fill the queue looks at the flag before the next one.
            frames.clear();
        }
    }

    /** Ends a connection and says why, as far as a close frame has room for it. */
    static void refuse(ServerWebSocket socket, String reason) {
        String fitting = reason.replaceAll("[^\\x20-\\x7e]", "?");
        socket.close((short) 1008, fitting.length() <= LONGEST_REASON ? fitting : fitting.substring(0, LONGEST_REASON));
    }

    @Override
    public void send(ByteBuffer frame) {
        requireThere();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        // One that cannot be sent gets no answer: the end of the socket tells whoever waits for it.
        var _ = socket.writeBinaryMessage(Buffer.buffer(bytes));
    }

    @Override
    public ByteBuffer receive(Duration timeout) {
        try {
            // What the client said before it went away is heard first: it may say why.
            ByteBuffer frame = frames.poll();
            if (frame == null) {
                requireThere();
                frame = frames.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            }
            if (frame == null) {
                requireThere();
                throw new Unreachable("the client did not answer within " + timeout.toMillis() + " ms", SOON);
            }
            if (frame.equals(END)) {
                throw gone();
            }
            return frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted while waiting for the client", SOON, e);
        }
    }

    private void requireThere() {
        if (ended) {
            throw gone();
        }
    }

    private static Unreachable gone() {
        return new Unreachable("the client that offers the environment has gone away", SOON);
    }

    @Override
    public void close() {
        if (!ended) {
            var _ = socket.close();
        }
    }
}
