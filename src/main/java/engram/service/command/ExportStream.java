package engram.service.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.error.Unavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * An export on its way out: adds up what passes and knows at the end whether it was whole. What cannot be written is told
 * by exceptions of Engram, so that nobody takes it for a failure of where the export comes from.
 */
final class ExportStream extends OutputStream {
    /** More than the last line of an export can have. */
    private static final int TAIL = 512;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final OutputStream out;
    private final String target;
    private final MessageDigest digest = sha256();
    private final byte[] tail = new byte[TAIL];
    private long bytes;

    /**
     * @param out not closed
     * @param target what it is, for messages
     */
    ExportStream(OutputStream out, String target) {
        this.out = out;
        this.target = target;
    }

    /**
     * What an export was.
     *
     * @param memories how many memories it has
     * @param bytes how long it is
     * @param sha256 of all of it, as {@code sha256sum} prints it
     */
    record Summary(long memories, long bytes, String sha256) {}

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
        try {
            out.write(buffer, offset, length);
        } catch (IOException e) {
            throw FileTrouble.of(target + " cannot be written", e);
        }
        digest.update(buffer, offset, length);
        int kept = Math.min(length, TAIL);
        System.arraycopy(tail, kept, tail, 0, TAIL - kept);
        System.arraycopy(buffer, offset + length - kept, tail, TAIL - kept, kept);
        bytes += length;
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw FileTrouble.of(target + " cannot be written", e);
        }
    }

    /**
     * What the export was.
     *
     * @throws Unavailable if its last line, which counts the memories, has not come: then it broke off
     */
    Summary finish() {
        flush();
        String end = new String(tail, StandardCharsets.UTF_8);
        String last = end.substring(end.lastIndexOf('\n', end.length() - 2) + 1);
        try {
            JsonNode memories = MAPPER.readTree(last).path("end").path("memories");
            if (end.endsWith("\n") && memories.isIntegralNumber()) {
                return new Summary(memories.longValue(), bytes, HexFormat.of().formatHex(digest.digest()));
            }
        } catch (IOException e) {
            // No JSON: then it is no last line.
        }
        throw new Unavailable("the export broke off before its last line", RETRY_AFTER);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
