package engram.memory.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Unavailable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Writes memories in Engram's own format, UTF-8, one JSON object a line: first what the export says of itself, then the
 * memories, last their number and the SHA-256 of all lines before. A file without the last line is not whole: call
 * {@link #finish} only when every memory has been written. Used by one thread.
 */
public final class MemoryWriter implements AutoCloseable {
    private static final byte LINE_FEED = '\n';

    private final ObjectMapper mapper = TransferFormat.mapper(Integer.MAX_VALUE);
    private final MessageDigest digest = sha256();
    private final OutputStream out;
    private long memories;

    /**
     * Begins an export.
     *
     * @param out owned by the writer
     * @throws Unavailable if the stream breaks, as do the other methods
     */
    public MemoryWriter(OutputStream out, Header header) {
        this.out = new BufferedOutputStream(out, 1 << 16);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", TransferFormat.NAME).put("version", TransferFormat.VERSION);
        if (header.space() != null) {
            json.put("space", header.space());
        }
        if (header.settings() != null) {
            json.set("settings", header.settings().tree());
        }
        if (!header.encoders().isEmpty()) {
            ObjectNode encoders = json.putObject("encoders");
            header.encoders().forEach(encoders::put);
        }
        if (header.encoder() != null) {
            json.putObject("encoder")
                    .put("version", header.encoder().version())
                    .put("archive", header.encoder().archive());
        }
        writeLine(json);
    }

    /** Writes one memory. */
    public void write(TransferredMemory memory) {
        writeLine(MemoryJson.write(memory));
        memories++;
    }

    /** How many memories have been written. */
    public long memories() {
        return memories;
    }

    /** Writes the last line. */
    public void finish() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("end")
                .put("memories", memories)
                .put("sha256", HexFormat.of().formatHex(digest.digest()));
        writeLine(json);
        try {
            out.flush();
        } catch (IOException e) {
            throw TransferFormat.broken(e);
        }
    }

    private void writeLine(ObjectNode json) {
        try {
            byte[] line = mapper.writeValueAsBytes(json);
            digest.update(line);
            digest.update(LINE_FEED);
            out.write(line);
            out.write(LINE_FEED);
        } catch (IOException e) {
            throw TransferFormat.broken(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw TransferFormat.broken(e);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
