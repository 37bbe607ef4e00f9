package engram.memory.embedded;

import engram.error.Damaged;
import engram.memory.EmbeddingVersion;
import engram.memory.Modality;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;

/** The tables of a space's record and the version of their format. */
final class RecordSchema {
    /** The format this code writes; older ones are brought up to it when a record is opened. */
    static final int FORMAT = 1;

    private static final String[] TABLES = {
        """
        CREATE TABLE memories (
          row INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          agent TEXT NOT NULL,
          kind TEXT NOT NULL,
          step INTEGER,
          time INTEGER NOT NULL,
          tier TEXT NOT NULL,
          payload BLOB NOT NULL,
          deflated INTEGER NOT NULL,
          reduced INTEGER NOT NULL,
          tags BLOB NOT NULL,
          reward REAL,
          pinned INTEGER NOT NULL,
          importance REAL,
          surprise REAL NOT NULL,
          recalls INTEGER NOT NULL,
          last_recalled INTEGER,
          count INTEGER NOT NULL,
          derived_from BLOB NOT NULL,
          created INTEGER NOT NULL,
          revision INTEGER NOT NULL,
          sequence INTEGER NOT NULL,
          checksum INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX memories_time ON memories(time, id, tier, kind)",
        "CREATE INDEX memories_agent ON memories(agent, time, id, tier, kind)",
        "CREATE INDEX memories_sequence ON memories(sequence)",
        """
        CREATE TABLE versions (
          modality TEXT NOT NULL,
          number INTEGER NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('active', 'filling', 'dropping')),
          PRIMARY KEY (modality, number)
        ) STRICT
        """,
        """
        CREATE TABLE counts (
          agent TEXT NOT NULL,
          kind TEXT NOT NULL,
          tier TEXT NOT NULL,
          memories INTEGER NOT NULL,
          PRIMARY KEY (agent, kind, tier)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE changes (
          sequence INTEGER PRIMARY KEY,
          type TEXT NOT NULL,
          id TEXT NOT NULL,
          agent TEXT NOT NULL,
          tier TEXT NOT NULL,
          time INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE TABLE tombstones (sequence INTEGER PRIMARY KEY, row INTEGER NOT NULL) STRICT",
        """
        CREATE TABLE idempotency (
          key TEXT PRIMARY KEY,
          fingerprint TEXT NOT NULL,
          outcomes BLOB NOT NULL,
          expires INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX idempotency_expires ON idempotency(expires)",
        """
        CREATE TABLE quarantine (
          number INTEGER PRIMARY KEY,
          origin TEXT NOT NULL,
          row INTEGER NOT NULL,
          reason TEXT NOT NULL,
          content TEXT NOT NULL,
          time INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE TABLE settings (document BLOB NOT NULL, revision INTEGER NOT NULL) STRICT",
        "CREATE TABLE progress (format INTEGER NOT NULL, space TEXT NOT NULL, sequence INTEGER NOT NULL) STRICT",
    };

    private RecordSchema() {}

    /** Makes an empty record with the first settings. */
    static void create(Database database, byte[] settings) throws SQLException {
        database.execute("BEGIN IMMEDIATE");
        for (String table : TABLES) {
            database.execute(table);
        }
        database.update("INSERT INTO settings VALUES (?, 1)", (Object) settings);
        database.update(
                "INSERT INTO progress VALUES (?, ?, 0)",
                FORMAT,
                UUID.randomUUID().toString());
        for (Modality modality : Modality.values()) {
            createVectors(database, new EmbeddingVersion(modality, 0));
            database.update("INSERT INTO versions VALUES (?, 0, 'active')", modality.name());
        }
        database.execute("PRAGMA user_version=" + FORMAT);
        database.execute("COMMIT");
    }

    /**
     * Makes sure that this code can read the record.
     *
     * @throws Damaged if it cannot
     */
    static void check(Database database, String space) throws SQLException {
        long format = database.number("PRAGMA user_version");
        if (format != FORMAT) {
            throw new Damaged("the record of space '" + space + "' has format " + format + "; this version reads "
                    + FORMAT + " and older");
        }
        long written = database.number("SELECT format FROM progress");
        if (written != format) {
            throw new Damaged("the record of space '" + space + "' contradicts itself about its format: " + format
                    + " and " + written);
        }
    }

    /** The name of the table that holds a version's vectors; made of a constant and a number only. */
    static String vectors(EmbeddingVersion version) {
        return "vectors_" + version.modality().name().toLowerCase(Locale.ROOT) + "_" + version.number();
    }

    static void createVectors(Database database, EmbeddingVersion version) throws SQLException {
        String table = vectors(version);
        database.execute("CREATE TABLE IF NOT EXISTS " + table
                + " (row INTEGER PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER NOT NULL, put INTEGER) STRICT");
        database.execute("CREATE INDEX IF NOT EXISTS " + table + "_put ON " + table + "(put) WHERE put IS NOT NULL");
    }
}
