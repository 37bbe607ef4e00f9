package engram.memory.embedded;

import engram.error.Conflict;
import engram.error.NotFound;
import engram.memory.EmbeddingVersion;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.WriteChecks;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** What the changes of encoder versions do to the record. */
final class VersionWrites {
    private static final int ROWS_AT_ONCE = 2_000;

    private VersionWrites() {}

    static Boolean begin(WriteTransaction transaction, EmbeddingVersion version) throws SQLException {
        EmbeddingVersion active = transaction.versions().active(version.modality());
        if (version.equals(active)) {
            throw new Conflict("version", "version " + version.number() + " is active");
        }
        EmbeddingVersion filling = transaction.versions().filling(version.modality());
        if (version.equals(filling)) {
            return false;
        }
        if (filling != null) {
            throw new Conflict("version", "version " + filling.number() + " is being filled; discard it first");
        }
        Database database = transaction.database();
        RecordSchema.createVectors(database, version);
        if (state(transaction, version).isPresent()) {
            database.update("DELETE FROM " + RecordSchema.vectors(version));
            setState(database, version, "filling");
        } else {
            database.update(
                    "INSERT INTO versions VALUES (?, ?, 'filling')",
                    version.modality().name(),
                    version.number());
        }
        transaction.changeVersions();
        return true;
    }

    private static Optional<String> state(WriteTransaction transaction, EmbeddingVersion version) throws SQLException {
        return transaction
                .database()
                .first(
                        "SELECT state FROM versions WHERE modality=? AND number=?",
                        row -> row.getString(1),
                        version.modality().name(),
                        version.number());
    }

    static Integer put(WriteTransaction transaction, EmbeddingVersion version, Map<String, float[]> vectors)
            throws SQLException {
        boolean filling = version.equals(transaction.versions().filling(version.modality()));
        if (!filling && !version.equals(transaction.versions().active(version.modality()))) {
            throw notFilling(version);
        }
        int written = 0;
        for (Map.Entry<String, float[]> entry : vectors.entrySet()) {
            Optional<MemoryRow> found = transaction.find(entry.getKey());
            if (found.isPresent()
                    && fits(found.get().memory(), version, entry.getValue())
                    && (filling || isMissing(transaction, version, found.get()))) {
                Memory memory = found.get().memory();
                float[] vector =
                        WriteChecks.requireFit(entry.getValue(), memory.tier()).clone();
                long row = found.get().row();
                long number = transaction.nextSequence();
                VectorRow.write(transaction.database(), version, row, vector, number);
                transaction.changeIndex(new IndexChange(
                        row, number, version.modality(), memory, Map.of(version, vector), false, version));
                written++;
            }
        }
        return written;
    }

    /** The active version takes vectors for memories that have lost theirs only. */
    private static boolean isMissing(WriteTransaction transaction, EmbeddingVersion version, MemoryRow row)
            throws SQLException {
        return VectorRow.find(transaction.database(), version, row.row()).isEmpty();
    }

    private static boolean fits(Memory memory, EmbeddingVersion version, float[] vector) {
        return memory.kind().modality() == version.modality()
                && memory.tier().resolution().dimensions() == vector.length;
    }

    static Boolean activate(WriteTransaction transaction, EmbeddingVersion version) throws SQLException {
        if (version.equals(transaction.versions().active(version.modality()))) {
            return false;
        }
        requireFilling(transaction, version);
        Database database = transaction.database();
        if (!RecordReader.withoutVector(database, version, 1).isEmpty()) {
            throw new Conflict("version", "memories are left without a vector of version " + version.number());
        }
        EmbeddingVersion before = transaction.versions().active(version.modality());
        setState(database, before, "dropping");
        setState(database, version, "active");
        transaction.changeVersions();
        return true;
    }

    static Boolean discard(WriteTransaction transaction, EmbeddingVersion version) throws SQLException {
        requireFilling(transaction, version);
        setState(transaction.database(), version, "dropping");
        transaction.changeVersions();
        return true;
    }

    /** Removes some of the vectors of versions that are no longer live; false when none are left. */
    static Boolean dropSome(WriteTransaction transaction) throws SQLException {
        Database database = transaction.database();
        Optional<EmbeddingVersion> dropping = database.first(
                "SELECT modality, number FROM versions WHERE state='dropping' LIMIT 1",
                row -> new EmbeddingVersion(Modality.valueOf(row.getString(1)), row.getInt(2)));
        if (dropping.isEmpty()) {
            return false;
        }
        String table = RecordSchema.vectors(dropping.get());
        int removed = database.update(
                "DELETE FROM " + table + " WHERE row IN (SELECT row FROM " + table + " LIMIT ?)", ROWS_AT_ONCE);
        if (removed == 0) {
            database.execute("DROP TABLE " + table);
            database.update(
                    "DELETE FROM versions WHERE modality=? AND number=?",
                    dropping.get().modality().name(),
                    dropping.get().number());
        }
        return true;
    }

    private static void setState(Database database, EmbeddingVersion version, String state) throws SQLException {
        database.update(
                "UPDATE versions SET state=? WHERE modality=? AND number=?",
                state,
                version.modality().name(),
                version.number());
    }

    private static void requireFilling(WriteTransaction transaction, EmbeddingVersion version) {
        if (!version.equals(transaction.versions().filling(version.modality()))) {
            throw notFilling(version);
        }
    }

    private static NotFound notFilling(EmbeddingVersion version) {
        return new NotFound("encoder version being filled", Integer.toString(version.number()));
    }
}
