package engram.api;

import engram.environment.Channel;
import engram.environment.EnvironmentSession;
import engram.error.Unreachable;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client's end of a WebSocket with frames. */
final class FrameSocket implements Channel, WebSocket.Listener {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final LinkedBlockingQueue<ByteBuffer> frames = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private @Nullable WebSocket socket;

    private FrameSocket() {}

    /** @throws Refused with the status that the service answers instead */
    static FrameSocket open(String path, Map<String, String> headers) {
        FrameSocket made = new FrameSocket();
        WebSocket.Builder builder = CLIENT.newWebSocketBuilder();
        headers.forEach(builder::header);
        try {
            made.socket = builder.buildAsync(URI.create("ws://localhost:" + RestAssured.port + path), made)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new Refused(refused.getResponse().statusCode());
            }
            throw e;
        }
        return made;
    }

    /** Offers an environment that is one of the built-in ones, until the socket ends. */
    static FrameSocket offer(String name, String builtIn) {
        FrameSocket offered = open("/v1/environments/" + name + "/offer", Map.of());
        Thread.ofVirtual().start(() -> {
            try (EnvironmentSession session = EnvironmentSession.of(builtIn, 1)) {
                while (!session.isClosed()) {
                    offered.send(session.answer(offered.receive(Duration.ofMinutes(2))));
                }
            } catch (Unreachable gone) {
                return;
            } finally {
                offered.close();
            }
        });
        return offered;
    }

    /** Why the service ended the connection. */
    String reason() {
        return ended.orTimeout(30, TimeUnit.SECONDS).join();
    }

    boolean isOpen() {
        return !ended.isDone();
    }

    /** Ends the connection as a process that is killed does. */
    void abort() {
        socket().abort();
        finish("aborted");
    }

    private WebSocket socket() {
        WebSocket now = socket;
        if (now == null) {
            throw new IllegalStateException("not open");
        }
        return now;
    }

    private void finish(String why) {
        ended.complete(why);
        frames.add(ByteBuffer.allocate(0));
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        parts.writeBytes(bytes);
        if (last) {
            frames.add(ByteBuffer.wrap(parts.toByteArray()));
            parts.reset();
        }
        from.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        finish(code + " " + reason);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        finish(failure.toString());
    }

    @Override
    public void send(ByteBuffer frame) {
        if (ended.isDone()) {
            throw new Unreachable("ended", Duration.ofSeconds(1));
        }
        socket().sendBinary(frame, true).join();
    }

    @Override
    public ByteBuffer receive(Duration timeout) {
        try {
            ByteBuffer frame = frames.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (frame == null || !frame.hasRemaining()) {
                throw new Unreachable("no frame", Duration.ofSeconds(1));
            }
            return frame;
        } catch (InterruptedException e) {
            throw new Unreachable("interrupted", Duration.ofSeconds(1), e);
        }
    }

    @Override
    public void close() {
        var _ = socket().sendClose(WebSocket.NORMAL_CLOSURE, "");
    }

    /** What is answered instead of opening a socket. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status) {
            super("refused with " + status);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
