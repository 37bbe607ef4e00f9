package engram.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/** One connection that speaks RESP 2 by hand, so that a test of Redis depends on no client. Not safe for threads. */
public final class RedisConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream input;

    RedisConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout(10_000);
        input = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * Sends one command of texts and byte arrays and returns the answer as text: lists as {@code [a, b]}, no value as
     * {@code nil}. Throws {@link IOException} with Redis' own words where it refuses.
     */
    public String command(Object... words) throws IOException {
        ByteArrayOutputStream command = new ByteArrayOutputStream();
        command.write(("*" + words.length + "\r\n").getBytes(UTF_8));
        for (Object word : words) {
            byte[] bytes = word instanceof byte[] raw ? raw : word.toString().getBytes(UTF_8);
            command.write(("$" + bytes.length + "\r\n").getBytes(UTF_8));
            command.write(bytes);
            command.write("\r\n".getBytes(UTF_8));
        }
        socket.getOutputStream().write(command.toByteArray());
        return answer();
    }

    private String answer() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '$' -> "-1".equals(rest) ? "nil" : bulk(Integer.parseInt(rest));
            case '*' -> list(Integer.parseInt(rest));
            default -> throw new IOException(line);
        };
    }

    private String bulk(int length) throws IOException {
        byte[] bytes = input.readNBytes(length + 2);
        return new String(bytes, 0, bytes.length - 2, UTF_8);
    }

    private String list(int length) throws IOException {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : ", ").append(answer());
        }
        return text.append(']').toString();
    }

    private String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = input.read(); next != '\r'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("Redis has closed the connection");
            }
            bytes.write(next);
        }
        input.skipNBytes(1);
        return bytes.toString(UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
