package engram.memory.embedded;

import engram.error.Damaged;
import engram.memory.EmbeddingVersion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Vectors in the record: little-endian floats with a checksum, one table a version. */
final class VectorRow {
    private VectorRow() {}

    /**
     * Writes a vector over the one that may be there.
     *
     * @param put the sequence number of the change if the memory itself does not change, so that an index finds it
     */
    static void write(Database database, EmbeddingVersion version, long row, float[] vector, @Nullable Long put)
            throws SQLException {
        byte[] bytes = bytes(vector);
        database.update(
                "INSERT OR REPLACE INTO " + RecordSchema.vectors(version) + " VALUES (?, ?, ?, ?)",
                row,
                bytes,
                checksum(row, bytes),
                put);
    }

    static void delete(Database database, EmbeddingVersion version, long row) throws SQLException {
        database.update("DELETE FROM " + RecordSchema.vectors(version) + " WHERE row=?", row);
    }

    static Optional<float[]> find(Database database, EmbeddingVersion version, long row) throws SQLException {
        return database.first(
                "SELECT vector, checksum FROM " + RecordSchema.vectors(version) + " WHERE row=?",
                result -> read(row, result, 1),
                row);
    }

    /**
     * Reads a vector and its checksum from two columns of a result.
     *
     * @throws Damaged if they do not match
     */
    static float[] read(long row, ResultSet result, int column) throws SQLException {
        byte[] bytes = result.getBytes(column);
        if (bytes.length % Float.BYTES != 0 || checksum(row, bytes) != result.getInt(column + 1)) {
            throw new Damaged(
                    "the vector of row " + row + " does not match its checksum; the repair command sets it aside");
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer buffer = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(vector);
        return buffer.array();
    }

    private static int checksum(long row, byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(ByteBuffer.allocate(Long.BYTES).putLong(row).flip());
        sum.update(bytes);
        return (int) sum.getValue();
    }
}
