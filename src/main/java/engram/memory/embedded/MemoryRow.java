package engram.memory.embedded;

import engram.error.Damaged;
import engram.memory.Deflation;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Tier;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of memories.
 *
 * @param row the number under which the record and the indexes know the memory; never used twice
 * @param memory the memory
 */
record MemoryRow(long row, Memory memory) {
    static final String COLUMNS = "row, id, agent, kind, step, time, tier, payload, deflated, reduced, tags, reward,"
            + " pinned, importance, surprise, recalls, last_recalled, count, derived_from, created, revision, sequence,"
            + " checksum";

    /** The same columns in a query where the table goes by the name {@code m}. */
    static final String JOINED_COLUMNS = "m." + COLUMNS.replace(", ", ", m.");

    /** How many columns there are: what a query adds comes after them. */
    static final int WIDTH = 23;

    private static final String INSERT = "INSERT INTO memories (" + COLUMNS
            + ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO NOTHING";

    private static final String REPLACE = "UPDATE memories SET tier=?, payload=?, deflated=?, reduced=?, tags=?,"
            + " pinned=?, importance=?, revision=?, sequence=?, checksum=? WHERE row=?";

    /** Writes a new row; false if there is a memory of this id. */
    boolean insert(Database database) throws SQLException {
        boolean deflated = isDeflated(memory.tier());
        byte[] payload = storedPayload(deflated);
        byte[] tags = memory.tags().utf8();
        byte[] derivedFrom = StringList.write(memory.derivedFrom());
        int written = database.update(
                INSERT,
                row,
                memory.id(),
                memory.agent(),
                memory.kind().name(),
                memory.step(),
                memory.time().toEpochMilli(),
                memory.tier().name(),
                payload,
                deflated,
                memory.reduced(),
                tags,
                memory.reward(),
                memory.pinned(),
                memory.importance(),
                memory.surprise(),
                memory.recalls(),
                milliseconds(memory.lastRecalled()),
                memory.count(),
                derivedFrom,
                memory.created().toEpochMilli(),
                memory.revision(),
                memory.sequence(),
                checksum(row, memory, payload, tags, derivedFrom));
        return written > 0;
    }

    /** Writes what an update can change over the row that is there. */
    void replace(Database database) throws SQLException {
        boolean deflated = isDeflated(memory.tier());
        byte[] payload = storedPayload(deflated);
        byte[] tags = memory.tags().utf8();
        database.update(
                REPLACE,
                memory.tier().name(),
                payload,
                deflated,
                memory.reduced(),
                tags,
                memory.pinned(),
                memory.importance(),
                memory.revision(),
                memory.sequence(),
                checksum(row, memory, payload, tags, StringList.write(memory.derivedFrom())),
                row);
    }

    /**
     * Reads the present row of a result of {@link #COLUMNS}.
     *
     * @throws Damaged if it does not match its checksum
     */
    static MemoryRow read(ResultSet result) throws SQLException {
        long row = result.getLong(1);
        byte[] payload = result.getBytes(8);
        byte[] tags = result.getBytes(11);
        byte[] derivedFrom = result.getBytes(19);
        int expected = result.getInt(23);
        Memory memory;
        try {
            boolean deflated = result.getBoolean(9);
            memory = new Memory(
                    result.getString(2),
                    result.getString(3),
                    Kind.valueOf(result.getString(4)),
                    number(result, 5),
                    Instant.ofEpochMilli(result.getLong(6)),
                    Tier.valueOf(result.getString(7)),
                    JsonObject.stored(deflated ? Deflation.inflate(payload) : payload),
                    result.getBoolean(10),
                    JsonObject.stored(tags),
                    real(result, 12),
                    result.getBoolean(13),
                    real(result, 14),
                    result.getDouble(15),
                    result.getLong(16),
                    instant(number(result, 17)),
                    result.getLong(18),
                    StringList.read(derivedFrom),
                    Instant.ofEpochMilli(result.getLong(20)),
                    result.getLong(21),
                    result.getLong(22));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw damaged(row, e);
        }
        if (checksum(row, memory, payload, tags, derivedFrom) != expected) {
            throw damaged(row, null);
        }
        return new MemoryRow(row, memory);
    }

    private static Damaged damaged(long row, @Nullable Exception cause) {
        String message = "row " + row + " of the record does not match its checksum; the repair command sets it aside";
        return cause == null ? new Damaged(message) : new Damaged(message, cause);
    }

    /** Recalls are counted without touching the checksum, so it leaves them out. */
    private static int checksum(long row, Memory memory, byte[] payload, byte[] tags, byte[] derivedFrom) {
        Checksum sum = new Checksum();
        sum.add(row)
                .add(memory.id())
                .add(memory.agent())
                .add(memory.kind().name())
                .add(memory.step())
                .add(memory.time().toEpochMilli())
                .add(memory.tier().name())
                .add(payload)
                .add(memory.reduced() ? 1L : 0L)
                .add(tags)
                .add(memory.reward())
                .add(memory.pinned() ? 1L : 0L)
                .add(memory.importance())
                .add(memory.surprise())
                .add(memory.count())
                .add(derivedFrom)
                .add(memory.created().toEpochMilli())
                .add(memory.revision())
                .add(memory.sequence());
        return sum.value();
    }

    private byte[] storedPayload(boolean deflated) {
        byte[] plain = memory.payload().utf8();
        return deflated ? Deflation.deflate(plain) : plain;
    }

    private static boolean isDeflated(Tier tier) {
        return tier != Tier.STM;
    }

    private static @Nullable Long milliseconds(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private static @Nullable Instant instant(@Nullable Long milliseconds) {
        return milliseconds == null ? null : Instant.ofEpochMilli(milliseconds);
    }

    private static @Nullable Long number(ResultSet result, int column) throws SQLException {
        long value = result.getLong(column);
        return value == 0 && result.wasNull() ? null : (Long) value;
    }

    private static @Nullable Double real(ResultSet result, int column) throws SQLException {
        double value = result.getDouble(column);
        return value == 0 && result.wasNull() ? null : (Double) value;
    }

    /** Folds values of several types, each with its length, into one CRC32C. */
    private static final class Checksum {
        private final CRC32C sum = new CRC32C();
        private final byte[] number = new byte[Long.BYTES];

        Checksum add(@Nullable Long value) {
            return value == null ? add(new byte[0]) : add(value.longValue());
        }

        Checksum add(long value) {
            for (int i = 0; i < Long.BYTES; i++) {
                number[i] = (byte) (value >>> (8 * i));
            }
            sum.update(number);
            return this;
        }

        Checksum add(@Nullable Double value) {
            // SQLite keeps −0.0 as 0.0.
            return value == null ? add(new byte[0]) : add(Double.doubleToLongBits(value + 0.0));
        }

        Checksum add(String text) {
            return add(text.getBytes(StandardCharsets.UTF_8));
        }

        Checksum add(byte[] bytes) {
            add((long) bytes.length);
            sum.update(bytes);
            return this;
        }

        int value() {
            return (int) sum.getValue();
        }
    }

    /** A list of strings as bytes: each with its length before it. */
    private static final class StringList {
        static byte[] write(List<String> strings) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (String string : strings) {
                byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
                bytes.writeBytes(
                        ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
                bytes.writeBytes(utf8);
            }
            return bytes.toByteArray();
        }

        static List<String> read(byte[] bytes) {
            if (bytes.length == 0) {
                return List.of();
            }
            List<String> strings = new ArrayList<>();
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            try {
                while (buffer.hasRemaining()) {
                    byte[] utf8 = new byte[Math.clamp(buffer.getInt(), 0, bytes.length)];
                    buffer.get(utf8);
                    strings.add(new String(utf8, StandardCharsets.UTF_8));
                }
            } catch (BufferUnderflowException e) {
                throw new IllegalArgumentException("a list of ids that ends early", e);
            }
            return strings;
        }
    }
}
