package engram.memory.embedded;

import engram.error.Damaged;
import engram.memory.EmbeddingVersion;
import engram.memory.Memory;
import engram.memory.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads everything of one space and says what is wrong with it. Changes nothing. */
final class Examination {
    private static final int NAMED = 20;

    private final Database database;
    private final List<String> findings = new ArrayList<>();
    private final List<Broken> brokenMemories = new ArrayList<>();
    private final List<Broken> brokenVectors = new ArrayList<>();
    private long memories;
    private long vectors;

    private Examination(Database database) {
        this.database = database;
    }

    /**
     * A row that is not what was written.
     *
     * @param table the table it is in
     */
    record Broken(String table, long row, String reason) {}

    static EmbeddedMaintenance.SpaceReport examine(String space, Path directory) {
        try (Database database = Database.openReader(directory.resolve(DataDirectory.RECORD))) {
            database.executePrepared("BEGIN");
            Examination examination = new Examination(database);
            examination.file();
            if (examination.findings.isEmpty()) {
                RecordSchema.check(database, space);
                examination.rows();
                examination.indexes(directory.resolve(DataDirectory.INDEX));
                examination.findings.addAll(EncoderCheck.findings(
                        directory, LiveVersions.read(database).active().values()));
            }
            return examination.report(space);
        } catch (SQLException | Damaged e) {
            return new EmbeddedMaintenance.SpaceReport(
                    space, 0, 0, List.of("the record cannot be read: " + e.getMessage()));
        }
    }

    /** What a repair needs to know of rows in a file that is itself intact. */
    static Examination ofRows(Database database) throws SQLException {
        Examination examination = new Examination(database);
        examination.rows();
        return examination;
    }

    static List<String> faultsOfFile(Database database) throws SQLException {
        Examination examination = new Examination(database);
        examination.file();
        return examination.findings;
    }

    private EmbeddedMaintenance.SpaceReport report(String space) {
        return new EmbeddedMaintenance.SpaceReport(space, memories, vectors, findings);
    }

    List<Broken> brokenMemories() {
        return brokenMemories;
    }

    List<Broken> brokenVectors() {
        return brokenVectors;
    }

    List<String> findings() {
        return findings;
    }

    long memories() {
        return memories;
    }

    long vectors() {
        return vectors;
    }

    private void file() throws SQLException {
        List<String> faults = database.list("PRAGMA integrity_check(" + NAMED + ")", result -> result.getString(1));
        if (!faults.equals(List.of("ok"))) {
            faults.forEach(fault -> findings.add("the file of the record: " + fault));
        }
    }

    private void rows() throws SQLException {
        eachMemory();
        for (EmbeddingVersion version : LiveVersions.read(database).all()) {
            eachVector(version);
        }
        report("damaged memories", brokenMemories);
        report("damaged vectors", brokenVectors);
        counts();
        missingVectors();
    }

    private void report(String what, List<Broken> broken) {
        if (!broken.isEmpty()) {
            List<String> named = broken.stream()
                    .limit(NAMED)
                    .map(row -> "row " + row.row() + " (" + row.reason() + ")")
                    .toList();
            findings.add(broken.size() + " " + what + ": " + String.join(", ", named)
                    + (broken.size() > NAMED ? ", …" : ""));
        }
    }

    private void eachMemory() throws SQLException {
        try (ResultSet rows = database.prepare("SELECT " + MemoryRow.COLUMNS + " FROM memories ORDER BY row")
                .executeQuery()) {
            while (rows.next()) {
                try {
                    Memory memory = MemoryRow.read(rows).memory();
                    memory.payload().tree();
                    memory.tags().tree();
                    memories++;
                } catch (Damaged e) {
                    brokenMemories.add(new Broken("memories", rows.getLong(1), String.valueOf(e.getMessage())));
                }
            }
        }
    }

    private void eachVector(EmbeddingVersion version) throws SQLException {
        String table = RecordSchema.vectors(version);
        try (ResultSet rows = database.prepare("SELECT v.row, v.vector, v.checksum, m.tier FROM " + table
                        + " v LEFT JOIN memories m ON m.row=v.row ORDER BY v.row")
                .executeQuery()) {
            while (rows.next()) {
                long row = rows.getLong(1);
                try {
                    int length = VectorRow.read(row, rows, 2).length;
                    String tier = rows.getString(4);
                    if (tier == null) {
                        brokenVectors.add(new Broken(table, row, "of no memory"));
                    } else if (!fits(length, tier)) {
                        brokenVectors.add(new Broken(table, row, length + " numbers in " + tier));
                    } else {
                        vectors++;
                    }
                } catch (Damaged e) {
                    brokenVectors.add(new Broken(table, row, String.valueOf(e.getMessage())));
                }
            }
        }
    }

    private static boolean fits(int length, String tier) {
        for (Tier known : Tier.values()) {
            if (known.name().equals(tier)) {
                return known.resolution().dimensions() == length;
            }
        }
        return false;
    }

    private void counts() throws SQLException {
        long wrong = database.number("""
                SELECT count(*) FROM (
                  SELECT agent, kind, tier, count(*) AS n FROM memories GROUP BY agent, kind, tier
                  UNION ALL SELECT agent, kind, tier, -memories FROM counts
                ) GROUP BY agent, kind, tier HAVING sum(n) <> 0 LIMIT 1
                """);
        if (wrong > 0) {
            findings.add("the counters of memories are wrong");
        }
    }

    private void missingVectors() throws SQLException {
        for (EmbeddingVersion version : LiveVersions.read(database).active().values()) {
            List<String> ids = RecordReader.withoutVector(database, version, NAMED);
            if (!ids.isEmpty()) {
                findings.add("memories without a vector of the active version " + version.number() + ": "
                        + String.join(", ", ids) + (ids.size() == NAMED ? ", …" : ""));
            }
        }
    }

    private void indexes(Path directory) throws SQLException {
        long sequence = database.number("SELECT sequence FROM progress");
        String space = database.first("SELECT space FROM progress", row -> row.getString(1))
                .orElse("");
        for (EmbeddingVersion version : LiveVersions.read(database).active().values()) {
            long expected = database.number("SELECT count(*) FROM " + RecordSchema.vectors(version));
            Path path = directory.resolve(VersionIndexes.name(version));
            try {
                LuceneIndex.Summary summary = LuceneIndex.examine(path, space, version, sequence);
                if (summary.sequence() == sequence && summary.memories() != expected) {
                    findings.add("the index " + path.getFileName() + " has " + summary.memories()
                            + " memories, the record " + expected);
                }
            } catch (IOException e) {
                findings.add(
                        "the index " + path.getFileName() + " is not intact and will be built anew: " + e.getMessage());
            }
        }
    }
}
