package engram.memory.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What filters look for, as words of 24 hexadecimal digits: 96 bits of the SHA-256 of what is said and where. Whatever a
 * client sends, only such words come into a query, so nothing it sends can be read as a query. Two things that share a
 * word would be found for one another, which is told by comparing what was found with the filter itself.
 */
final class Tokens {
    private static final int BYTES = 12;

    /** Said of memories with more values than are indexed. */
    static final String OVERFLOW = token('*', "", "");

    private Tokens() {}

    static String agent(String agent) {
        return token('a', "", agent);
    }

    static String kind(String kind) {
        return token('k', "", kind);
    }

    static String text(String place, String value) {
        return token('s', place, value);
    }

    static String flag(String place, boolean value) {
        return token('b', place, value ? "t" : "f");
    }

    /** Said of places that are there. */
    static String present(String place) {
        return token('e', place, "");
    }

    /** Said of places with values that have neither a word nor a field. */
    static String unindexed(String place) {
        return token('u', place, "");
    }

    /** A digest of any text, as long as a SHA-256 is. */
    static String digest(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String token(char type, String place, String value) {
        // Characters rather than UTF-8: halves of surrogate pairs, which UTF-8 cannot hold, stay apart.
        ByteBuffer said = ByteBuffer.allocate(2 * (2 + place.length() + value.length()) + Integer.BYTES);
        said.putChar(type).putInt(place.length());
        for (int i = 0; i < place.length(); i++) {
            said.putChar(place.charAt(i));
        }
        for (int i = 0; i < value.length(); i++) {
            said.putChar(value.charAt(i));
        }
        byte[] digest = sha256().digest(Arrays.copyOf(said.array(), said.position()));
        return HexFormat.of().formatHex(digest, 0, BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
