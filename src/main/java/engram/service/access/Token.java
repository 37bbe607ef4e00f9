package engram.service.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as its holder has it: {@code engram_ID_SECRET}. The secret has 160 random bits. That is why the plain SHA-256 of a
 * key is kept and no slow hash: slowness protects secrets that people choose and others could guess, and nobody guesses
 * this one; a slow hash would only make every request slow.
 *
 * @param id which key it is; no secret
 * @param text the whole of it; a secret
 */
record Token(String id, String text) {
    private static final Pattern FORM = Pattern.compile("engram_([a-z2-7]{10})_[a-z2-7]{32}");
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int ID_LETTERS = 10;
    private static final int SECRET_LETTERS = 32;

    /** A key that nobody has yet. */
    static Token random(SecureRandom random) {
        String id = letters(random, ID_LETTERS);
        return new Token(id, "engram_" + id + "_" + letters(random, SECRET_LETTERS));
    }

    /** What a client sent, if it has the form of a key. */
    static Optional<Token> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() ? Optional.of(new Token(matcher.group(1), text)) : Optional.empty();
    }

    String hash() {
        return HexFormat.of().formatHex(digest());
    }

    /** Whether this is the key with a hash; takes the same time wherever they differ. */
    boolean has(String hash) {
        return MessageDigest.isEqual(HexFormat.of().parseHex(hash), digest());
    }

    private byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String letters(SecureRandom random, int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return letters.toString();
    }

    /** Without the secret, so that it cannot get into a log. */
    @Override
    public String toString() {
        return "engram_" + id + "_…";
    }
}
