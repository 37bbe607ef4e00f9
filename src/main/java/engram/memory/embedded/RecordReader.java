package engram.memory.embedded;

import engram.error.Damaged;
import engram.memory.ChangeEvent;
import engram.memory.EmbeddingVersion;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Statistics;
import engram.memory.Tier;
import java.lang.System.Logger.Level;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The queries that read the record. Each works on the snapshot of the connection it is given. */
final class RecordReader {
    private static final System.Logger LOG = System.getLogger(RecordReader.class.getName());

    private RecordReader() {}

    /**
     * The memories of these ids.
     *
     * @throws Damaged if the row of one does not match its checksum
     */
    static Map<String, Memory> byId(Database database, Collection<String> ids) throws SQLException {
        Map<String, Memory> found = new LinkedHashMap<>();
        for (String id : ids) {
            database.first("SELECT " + MemoryRow.COLUMNS + " FROM memories WHERE id=?", MemoryRow::read, id)
                    .ifPresent(row -> found.put(id, row.memory()));
        }
        return found;
    }

    /** The row numbers of these ids. */
    static List<Long> rows(Database database, Collection<String> ids) throws SQLException {
        List<Long> rows = new ArrayList<>();
        for (String id : ids) {
            database.first("SELECT row FROM memories WHERE id=?", result -> result.getLong(1), id)
                    .ifPresent(rows::add);
        }
        return rows;
    }

    /** The memory of a row; empty if it is gone or damaged, which is reported. */
    static Optional<Memory> byRow(Database database, long row) throws SQLException {
        return database.first(
                        "SELECT " + MemoryRow.COLUMNS + " FROM memories WHERE row=?",
                        result -> Optional.ofNullable(undamaged(result)),
                        row)
                .flatMap(found -> found)
                .map(MemoryRow::memory);
    }

    static boolean isThere(Database database, long row) throws SQLException {
        return database.number("SELECT count(*) FROM memories WHERE row=?", row) > 0;
    }

    /** The present row of a result, or null if it is damaged, which is reported. */
    static @Nullable MemoryRow undamaged(ResultSet result) throws SQLException {
        try {
            return MemoryRow.read(result);
        } catch (Damaged e) {
            LOG.log(Level.WARNING, e.getMessage());
            return null;
        }
    }

    static Map<String, float[]> vectors(Database database, Collection<String> ids, EmbeddingVersion version)
            throws SQLException {
        Map<String, float[]> vectors = new LinkedHashMap<>();
        String sql = "SELECT v.row, v.vector, v.checksum FROM memories m JOIN " + RecordSchema.vectors(version)
                + " v ON v.row=m.row WHERE m.id=?";
        for (String id : ids) {
            database.first(sql, result -> VectorRow.read(result.getLong(1), result, 2), id)
                    .ifPresent(vector -> vectors.put(id, vector));
        }
        return vectors;
    }

    static List<String> withoutVector(Database database, EmbeddingVersion version, int limit) throws SQLException {
        return database.list(
                "SELECT m.id FROM memories m WHERE m.kind " + kinds(version) + " AND NOT EXISTS (SELECT 1 FROM "
                        + RecordSchema.vectors(version) + " v WHERE v.row=m.row) ORDER BY m.row LIMIT ?",
                result -> result.getString(1),
                limit);
    }

    /** Selects the kinds of a version's modality. */
    private static String kinds(EmbeddingVersion version) {
        List<String> names = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind.modality() == version.modality()) {
                names.add("'" + kind.name() + "'");
            }
        }
        return "IN (" + String.join(",", names) + ")";
    }

    static Statistics statistics(Database database, long recordBytes, long indexBytes) throws SQLException {
        List<Statistics.Count> counts = database.list(
                "SELECT agent, kind, tier, memories FROM counts WHERE memories>0 ORDER BY agent, kind, tier",
                result -> new Statistics.Count(
                        result.getString(1),
                        Kind.valueOf(result.getString(2)),
                        Tier.valueOf(result.getString(3)),
                        result.getLong(4)));
        return new Statistics(counts, recordBytes, indexBytes, database.number("SELECT sequence FROM progress"));
    }

    static List<ChangeEvent> changes(Database database, long after, int limit) throws SQLException {
        return database.list(
                "SELECT sequence, type, id, agent, tier, time FROM changes WHERE sequence>? ORDER BY sequence LIMIT ?",
                result -> new ChangeEvent(
                        result.getLong(1),
                        ChangeEvent.Type.valueOf(result.getString(2)),
                        result.getString(3),
                        result.getString(4),
                        Tier.valueOf(result.getString(5)),
                        Instant.ofEpochMilli(result.getLong(6))),
                after,
                limit);
    }

    /** The next memories, by row, that have a vector of this version. */
    static List<Overlay.Change> indexed(Database database, EmbeddingVersion version, long afterRow, int limit)
            throws SQLException {
        return database.list(
                "SELECT " + MemoryRow.JOINED_COLUMNS + ", v.vector, v.checksum FROM "
                        + RecordSchema.vectors(version) + " v JOIN memories m ON m.row=v.row"
                        + " WHERE v.row>? ORDER BY v.row LIMIT ?",
                RecordReader::indexed,
                afterRow,
                limit);
    }

    /** The rows that have changed for this version after a sequence number, the gone ones included. */
    static List<Long> changedRows(Database database, EmbeddingVersion version, long after) throws SQLException {
        return database.list(
                "SELECT row FROM memories WHERE sequence>? UNION SELECT row FROM " + RecordSchema.vectors(version)
                        + " WHERE put>? UNION SELECT row FROM tombstones WHERE sequence>?",
                result -> result.getLong(1),
                after,
                after,
                after);
    }

    /** What an index is to hold of one row. */
    static Overlay.Change indexed(Database database, EmbeddingVersion version, long row) throws SQLException {
        return database.first(
                        "SELECT " + MemoryRow.JOINED_COLUMNS + ", v.vector, v.checksum FROM "
                                + RecordSchema.vectors(version) + " v JOIN memories m ON m.row=v.row WHERE v.row=?",
                        RecordReader::indexed,
                        row)
                .orElseGet(() -> Overlay.Change.gone(row));
    }

    private static Overlay.Change indexed(ResultSet result) throws SQLException {
        MemoryRow found = undamaged(result);
        if (found == null) {
            return Overlay.Change.gone(result.getLong(1));
        }
        try {
            float[] vector = VectorRow.read(found.row(), result, MemoryRow.WIDTH + 1);
            boolean fits = vector.length == found.memory().tier().resolution().dimensions();
            return fits
                    ? new Overlay.Change(found.row(), 0, false, found.memory(), vector)
                    : Overlay.Change.gone(found.row());
        } catch (Damaged e) {
            LOG.log(Level.WARNING, e.getMessage());
            return Overlay.Change.gone(found.row());
        }
    }
}
