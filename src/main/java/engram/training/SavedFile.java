package engram.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of a checkpoint as it was written.
 *
 * @param bytes its length
 * @param sha256 of its content, in hexadecimal
 */
record SavedFile(Path path, long bytes, String sha256) {
    /** A file as it is now. */
    static SavedFile of(Path path) throws IOException {
        MessageDigest digest = sha256Digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
            long bytes = in.transferTo(OutputStream.nullOutputStream());
            return new SavedFile(path, bytes, HexFormat.of().formatHex(digest.digest()));
        }
    }

    /** The SHA-256 of some bytes, in hexadecimal. */
    static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(sha256Digest().digest(bytes));
    }

    /** The same file in another directory. */
    SavedFile in(Path directory) {
        return new SavedFile(directory.resolve(String.valueOf(path.getFileName())), bytes, sha256);
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
