package engram.memory.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** What Redis does in one step, so that others see all of it or nothing. The sources lie beside the class as resources. */
enum Script {
    APPEND,
    REWRITE,
    REMOVE,
    RECALLS,
    VECTORS,
    VERSIONS,
    NUMBERS,
    WITHOUT,
    CLEAN,
    PAGE,
    CREATE(false),
    DOCUMENT(false),
    LEASE(false);

    private final String source;
    private final String digest;

    Script() {
        this(true);
    }

    Script(boolean ofSpace) {
        String own = read(name().toLowerCase(Locale.ROOT));
        this.source = ofSpace ? read("common") + own : own;
        this.digest = sha1(source);
    }

    /** The text, as {@code EVAL} takes it. */
    String source() {
        return source;
    }

    /** The SHA-1 of the text, by which {@code EVALSHA} knows it. */
    String digest() {
        return digest;
    }

    private static String read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("the script " + name + ".lua is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-1", e);
        }
    }
}
