package engram.memory;

import engram.error.Damaged;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** How payloads below short-term memory are compressed: deflate, as zlib writes it. */
public final class Deflation {
    private Deflation() {}

    /** The compressed bytes. */
    public static byte[] deflate(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 2 + 16);
        try (DeflaterOutputStream stream = new DeflaterOutputStream(bytes)) {
            stream.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * The bytes that {@link #deflate} made these of.
     *
     * @throws Damaged if they are not such
     */
    public static byte[] inflate(byte[] deflated) {
        try (InflaterInputStream stream = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new Damaged("a compressed payload cannot be unpacked", e);
        }
    }
}
