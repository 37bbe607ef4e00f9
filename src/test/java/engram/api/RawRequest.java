package engram.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A request as it goes over the wire, without a client that would put its path right. */
final class RawRequest {
    private static final int PATIENCE_MILLIS = 1_000;

    private RawRequest() {}

    /**
     * Sends a request and returns the whole answer, head and body; of a stream without an end what comes in a second.
     *
     * @param headers each with its line end
     * @param body JSON, or lines of it for an import; may be empty
     */
    static String send(int port, String method, String target, String headers, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String type = target.contains("/imports") ? "x-ndjson" : "json";
        String request = method + " " + target.replace(' ', '+') + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\n"
                + headers
                + (content.length == 0 ? "" : "Content-Type: application/" + type + "\r\n")
                + "Content-Length: " + content.length + "\r\n\r\n";
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(content);
            socket.getOutputStream().flush();
            return readAll(socket.getInputStream());
        }
    }

    private static String readAll(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        try {
            // A stream of changes goes on for ever: what comes in a while is looked at.
            for (int read = in.read(buffer); read >= 0 && System.nanoTime() < end; read = in.read(buffer)) {
                all.write(buffer, 0, read);
            }
        } catch (SocketTimeoutException e) {
            // The same of a stream that is silent.
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
