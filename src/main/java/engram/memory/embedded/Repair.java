package engram.memory.embedded;

import engram.memory.EmbeddingVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts one space right. Nothing that is intact is lost; what is damaged is kept aside. */
final class Repair {
    private final String space;
    private final Path directory;
    private final Instant time;
    private final List<String> done = new ArrayList<>();

    Repair(String space, Path directory, Instant time) {
        this.space = space;
        this.directory = directory;
        this.time = time;
    }

    EmbeddedMaintenance.SpaceReport run() {
        Path file = directory.resolve(DataDirectory.RECORD);
        try {
            if (isBroken(file)) {
                salvage(file);
            }
            long memories;
            long vectors;
            try (Database database = Database.openWriter(file, 0)) {
                RecordSchema.check(database, space);
                Examination examination = Examination.ofRows(database);
                if (!examination.findings().isEmpty()) {
                    done.addAll(examination.findings());
                    database.execute("BEGIN IMMEDIATE");
                    setAside(database, examination);
                    count(database);
                    database.execute("COMMIT");
                }
                memories = examination.memories();
                vectors = examination.vectors();
            }
            FileTrees.deleteTree(directory.resolve(DataDirectory.INDEX));
            return new EmbeddedMaintenance.SpaceReport(space, memories, vectors, done);
        } catch (SQLException e) {
            throw Failures.writing(space, e);
        } catch (IOException e) {
            throw Failures.files("space '" + space + "' cannot be repaired", e);
        }
    }

    private static boolean isBroken(Path file) {
        try (Database database = Database.openReader(file)) {
            return !Examination.faultsOfFile(database).isEmpty();
        } catch (SQLException e) {
            return true;
        }
    }

    private void salvage(Path file) throws IOException, SQLException {
        Path saved = directory.resolve(DataDirectory.RECORD + ".saved");
        FileTrees.deleteTree(saved);
        Salvage salvage = new Salvage(file);
        salvage.into(saved);
        Path broken = directory.resolve(DataDirectory.RECORD + ".broken-" + time.toEpochMilli());
        Files.move(file, broken, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(directory.resolve(DataDirectory.RECORD + "-wal"));
        Files.deleteIfExists(directory.resolve(DataDirectory.RECORD + "-shm"));
        Files.move(saved, file, StandardCopyOption.ATOMIC_MOVE);
        FileTrees.sync(directory);
        done.add("the file of the record was broken: " + salvage.rows() + " rows were saved, the file is kept as "
                + broken.getFileName());
    }

    private void setAside(Database database, Examination examination) throws SQLException {
        for (Examination.Broken broken : examination.brokenMemories()) {
            keepRow(database, broken);
            database.update("DELETE FROM memories WHERE row=?", broken.row());
            for (EmbeddingVersion version : LiveVersions.read(database).all()) {
                VectorRow.delete(database, version, broken.row());
            }
        }
        for (Examination.Broken broken : examination.brokenVectors()) {
            keepRow(database, broken);
            database.update("DELETE FROM " + broken.table() + " WHERE row=?", broken.row());
        }
    }

    private void keepRow(Database database, Examination.Broken broken) throws SQLException {
        StringBuilder content = new StringBuilder();
        try (ResultSet row = bound(database, broken).executeQuery()) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                for (int i = 1; i <= columns; i++) {
                    content.append(row.getMetaData().getColumnName(i))
                            .append('=')
                            .append(text(row.getObject(i)));
                    content.append('\n');
                }
            }
        }
        database.update(
                "INSERT INTO quarantine (origin, row, reason, content, time) VALUES (?, ?, ?, ?, ?)",
                broken.table(),
                broken.row(),
                broken.reason(),
                content.toString(),
                time.toEpochMilli());
    }

    private static PreparedStatement bound(Database database, Examination.Broken broken) throws SQLException {
        var statement = database.prepare("SELECT * FROM " + broken.table() + " WHERE row=?");
        Database.bind(statement, broken.row());
        return statement;
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }

    private static void count(Database database) throws SQLException {
        database.execute("DELETE FROM counts");
        database.execute(
                "INSERT INTO counts SELECT agent, kind, tier, count(*) FROM memories GROUP BY agent, kind, tier");
        database.execute("UPDATE progress SET sequence=max(sequence,"
                + " (SELECT ifnull(max(sequence), 0) FROM memories), (SELECT ifnull(max(sequence), 0) FROM changes))");
    }
}
