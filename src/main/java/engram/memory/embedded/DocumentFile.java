package engram.memory.embedded;

import engram.error.Damaged;
import engram.memory.Documents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The file of one document: a line {@code engram-document FORMAT REVISION LENGTH SHA-256} in ASCII, then the content. The
 * checksum covers the name, the revision and the content.
 */
final class DocumentFile {
    private static final String MAGIC = "engram-document";
    private static final String FORMAT = "1";
    private static final int PARTS = 5;
    /** Longer than any first line. */
    private static final int LONGEST_HEAD = 200;

    private DocumentFile() {}

    static byte[] write(String name, long revision, byte[] content) {
        String head = String.join(
                        " ",
                        MAGIC,
                        FORMAT,
                        Long.toString(revision),
                        Integer.toString(content.length),
                        checksum(name, revision, content))
                + "\n";
        byte[] first = head.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(first.length + content.length)
                .put(first)
                .put(content)
                .array();
    }

    /**
     * The document in a file.
     *
     * @throws Damaged if it is not the one that was written under this name
     */
    static Documents.Document read(Path file, String name, byte[] bytes) {
        int end = endOfHead(bytes);
        String[] head = new String(bytes, 0, end, StandardCharsets.US_ASCII).split(" ", -1);
        if (end == bytes.length || head.length != PARTS || !head[0].equals(MAGIC)) {
            throw damaged(file, "its first line is none");
        }
        if (!head[1].equals(FORMAT)) {
            throw damaged(file, "it has format " + head[1] + ", not " + FORMAT);
        }
        byte[] content = Arrays.copyOfRange(bytes, end + 1, bytes.length);
        try {
            long revision = Long.parseLong(head[2]);
            if (Integer.parseInt(head[3]) != content.length) {
                throw damaged(file, "it is not whole");
            }
            if (!head[4].equals(checksum(name, revision, content))) {
                throw damaged(file, "its checksum differs");
            }
            return new Documents.Document(content, revision);
        } catch (NumberFormatException e) {
            throw damaged(file, "its first line is none");
        }
    }

    /** The revision that a damaged file says it has; 0 if it says none. */
    static long claimedRevision(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String[] head = new String(bytes, 0, endOfHead(bytes), StandardCharsets.US_ASCII).split(" ", -1);
            return head.length == PARTS ? Math.max(0, Long.parseLong(head[2])) : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static int endOfHead(byte[] bytes) {
        int most = Math.min(bytes.length, LONGEST_HEAD);
        for (int i = 0; i < most; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return bytes.length;
    }

    private static Damaged damaged(Path file, String how) {
        return new Damaged("the document " + file + " is damaged: " + how + "; take it from a backup");
    }

    private static String checksum(String name, long revision, byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((name + "\n" + revision + "\n").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
