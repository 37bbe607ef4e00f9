package engram.api;

import engram.error.InvalidInput;
import engram.memory.Scan;
import engram.run.Run;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Cursors of lists: a place in the keyset order, bound to the query by a fingerprint of it, so that a cursor of another
 * query is refused instead of giving a wrong page.
 */
final class Cursors {
    private static final byte FORMAT = 1;
    private static final int FINGERPRINT = 8;
    private static final int HEADER = 1 + FINGERPRINT + Long.BYTES;
    private static final int LONGEST = 1_024;

    private Cursors() {}

    /** The cursor of the page after a place in a list of memories. */
    static @Nullable String of(Scan.@Nullable Position next, String query) {
        return next == null ? null : write(query, next.time().toEpochMilli(), next.id());
    }

    /** The cursor of the page after a place in the list of runs. */
    static @Nullable String of(Run.@Nullable Position next, String query) {
        return next == null ? null : write(query, next.created().toEpochMilli(), next.id());
    }

    /** The cursor of the page after a name. */
    static String ofName(String name, String query) {
        return write(query, 0, name);
    }

    /** Where a page of memories begins. */
    static Scan.@Nullable Position memoryPosition(@Nullable String cursor, String query) {
        Place place = read(cursor, query);
        return place == null ? null : new Scan.Position(Instant.ofEpochMilli(place.milli()), place.name());
    }

    /** Where a page of runs begins. */
    static Run.@Nullable Position runPosition(@Nullable String cursor, String query) {
        Place place = read(cursor, query);
        return place == null ? null : new Run.Position(Instant.ofEpochMilli(place.milli()), place.name());
    }

    /** After which name a page begins. */
    static @Nullable String name(@Nullable String cursor, String query) {
        Place place = read(cursor, query);
        return place == null ? null : place.name();
    }

    private static String write(String query, long milli, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + utf8.length);
        bytes.put(FORMAT).put(fingerprint(query)).putLong(milli).put(utf8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    private static @Nullable Place read(@Nullable String cursor, String query) {
        if (cursor == null) {
            return null;
        }
        try {
            byte[] bytes = cursor.length() > LONGEST
                    ? new byte[0]
                    : Base64.getUrlDecoder().decode(cursor);
            if (bytes.length <= HEADER || bytes[0] != FORMAT) {
                throw malformed();
            }
            if (!Arrays.equals(bytes, 1, 1 + FINGERPRINT, fingerprint(query), 0, FINGERPRINT)) {
                throw new InvalidInput("cursor", "belongs to another query; leave it out to begin anew");
            }
            long milli = ByteBuffer.wrap(bytes).getLong(1 + FINGERPRINT);
            String name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER))
                    .toString();
            return new Place(milli, name);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw malformed();
        }
    }

    private static InvalidInput malformed() {
        return new InvalidInput("cursor", "is not a cursor of this service; leave it out to begin anew");
    }

    private static byte[] fingerprint(String query) {
        return Arrays.copyOf(Digests.sha256(query.getBytes(StandardCharsets.UTF_8)), FINGERPRINT);
    }

    private record Place(long milli, String name) {}
}
