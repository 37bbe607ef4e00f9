package engram.memory.embedded;

import engram.memory.EmbeddingVersion;
import engram.memory.JsonObject;
import engram.memory.Modality;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies what can still be read of a broken record, row by row, into a new one. */
final class Salvage {
    /** Row numbers are changes counted from 1: no record reaches this one. */
    private static final long BEYOND = 1L << 44;

    private static final List<String> NUMBERED = List.of("memories", "changes", "tombstones", "quarantine");

    private final Path broken;
    private long rows;

    Salvage(Path broken) {
        this.broken = broken;
    }

    long rows() {
        return rows;
    }

    void into(Path file) throws SQLException {
        try (Database source = Database.openReader(broken);
                Database target = Database.openWriter(file, 0)) {
            RecordSchema.create(target, settings(source));
            target.execute("BEGIN IMMEDIATE");
            for (EmbeddingVersion version : versions(source, target)) {
                RecordSchema.createVectors(target, version);
                copy(source, target, RecordSchema.vectors(version), "row");
            }
            for (String table : NUMBERED) {
                copy(source, target, table, table.equals("memories") ? "row" : "rowid");
            }
            copySequence(source, target);
            target.execute("COMMIT");
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            target.execute("PRAGMA journal_mode=DELETE");
        }
    }

    private static byte[] settings(Database source) {
        try {
            return source.first("SELECT document FROM settings", row -> row.getBytes(1))
                    .orElseGet(JsonObject.EMPTY::utf8);
        } catch (SQLException e) {
            return JsonObject.EMPTY.utf8();
        }
    }

    /** The versions that were live; where they cannot be read, the new record's version 0. */
    private static List<EmbeddingVersion> versions(Database source, Database target) throws SQLException {
        LiveVersions live;
        try {
            live = LiveVersions.read(source);
        } catch (SQLException e) {
            live = LiveVersions.NONE;
        }
        for (EmbeddingVersion version : live.all()) {
            boolean active = live.active().containsValue(version);
            if (active) {
                target.update(
                        "DELETE FROM versions WHERE modality=?",
                        version.modality().name());
            }
            target.update(
                    "INSERT OR REPLACE INTO versions VALUES (?, ?, ?)",
                    version.modality().name(),
                    version.number(),
                    active ? "active" : "filling");
        }
        for (Modality modality : Modality.values()) {
            EmbeddingVersion first = new EmbeddingVersion(modality, 0);
            if (!live.all().contains(first) && live.active().containsKey(modality)) {
                target.execute("DROP TABLE " + RecordSchema.vectors(first));
            }
        }
        return List.copyOf(LiveVersions.read(target).all());
    }

    /** Copies a table in the order of its number, stepping over what cannot be read. */
    private void copy(Database source, Database target, String table, String number) throws SQLException {
        long next = 0;
        long step = 1;
        while (next < BEYOND) {
            try {
                next = copyFrom(source, target, table, number, next);
                if (next < 0) {
                    return;
                }
                step = 1;
            } catch (UnreadableException e) {
                next = e.from + step;
                step *= 2;
            }
        }
    }

    /** Returns −1 at the end of the table. */
    private long copyFrom(Database source, Database target, String table, String number, long from)
            throws SQLException, UnreadableException {
        long next = from;
        @Nullable PreparedStatement insert = null;
        try (PreparedStatement select = source.prepareUnkept(
                "SELECT " + number + " AS number, * FROM " + table + " WHERE " + number + ">=? ORDER BY " + number)) {
            select.setLong(1, from);
            try (ResultSet row = select.executeQuery()) {
                int columns = row.getMetaData().getColumnCount();
                while (row.next()) {
                    long present = row.getLong(1);
                    Object[] values = values(row, columns);
                    if (insert == null) {
                        insert = target.prepare("INSERT OR IGNORE INTO " + table + " VALUES ("
                                + String.join(",", Collections.nCopies(columns - 1, "?")) + ")");
                    }
                    next = present + 1;
                    write(insert, values);
                }
            }
            return -1;
        } catch (SQLException e) {
            throw new UnreadableException(next);
        }
    }

    private static Object[] values(ResultSet row, int columns) throws SQLException {
        Object[] values = new Object[columns - 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getObject(i + 2);
        }
        return values;
    }

    /** A row that the new record refuses (a column of another type, say) is lost. */
    private void write(PreparedStatement insert, Object[] values) {
        try {
            Database.bind(insert, values);
            rows += insert.executeUpdate();
        } catch (SQLException | IllegalArgumentException e) {
            // What cannot be a row of the record has been overwritten by something else.
        }
    }

    private static void copySequence(Database source, Database target) throws SQLException {
        long sequence = 0;
        try {
            sequence = source.number("SELECT sequence FROM progress");
        } catch (SQLException e) {
            // The rows tell it well enough.
        }
        target.update(
                "UPDATE progress SET sequence=max(?, (SELECT ifnull(max(sequence), 0) FROM memories),"
                        + " (SELECT ifnull(max(sequence), 0) FROM changes))",
                sequence);
    }

    /** A row from which on a table cannot be read. */
    private static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        private final long from;

        UnreadableException(long from) {
            super("cannot be read from " + from);
            this.from = from;
        }
    }
}
