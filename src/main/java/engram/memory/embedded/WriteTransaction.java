package engram.memory.embedded;

import engram.memory.ChangeEvent;
import engram.memory.EmbeddingVersion;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Tier;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one write request does within the transaction that it shares with others. */
final class WriteTransaction {
    private final Database database;
    private final LiveVersions versions;
    private final Instant now;
    private final List<IndexChange> indexChanges = new ArrayList<>();
    private final Map<Group, Long> counts = new LinkedHashMap<>();
    private long sequence;
    private @Nullable LiveVersions newVersions;

    WriteTransaction(Database database, LiveVersions versions, Instant now, long sequence) {
        this.database = database;
        this.versions = versions;
        this.now = now;
        this.sequence = sequence;
    }

    Database database() {
        return database;
    }

    LiveVersions versions() {
        return versions;
    }

    Instant now() {
        return now;
    }

    /** The number of the last change so far. */
    long sequence() {
        return sequence;
    }

    /** The number of the next change. */
    long nextSequence() {
        return ++sequence;
    }

    /** Which versions are live once the transaction is committed; only requests that run alone change them. */
    void changeVersions() throws SQLException {
        newVersions = LiveVersions.read(database);
    }

    @Nullable
    LiveVersions newVersions() {
        return newVersions;
    }

    List<IndexChange> indexChanges() {
        return indexChanges;
    }

    Optional<MemoryRow> find(String id) throws SQLException {
        return database.first("SELECT " + MemoryRow.COLUMNS + " FROM memories WHERE id=?", MemoryRow::read, id);
    }

    /** The vectors that a memory has in the record, of every live version. */
    Map<EmbeddingVersion, float[]> vectors(MemoryRow row) throws SQLException {
        Map<EmbeddingVersion, float[]> vectors = new LinkedHashMap<>();
        for (EmbeddingVersion version : versions.of(row.memory().kind().modality())) {
            VectorRow.find(database, version, row.row()).ifPresent(vector -> vectors.put(version, vector));
        }
        return vectors;
    }

    void changeIndex(IndexChange change) {
        indexChanges.add(change);
    }

    void record(ChangeEvent.Type type, Memory memory, long number) throws SQLException {
        database.update(
                "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)",
                number,
                type.name(),
                memory.id(),
                memory.agent(),
                memory.tier().name(),
                now.toEpochMilli());
    }

    void count(Memory memory, int difference) {
        counts.merge(new Group(memory.agent(), memory.kind(), memory.tier()), (long) difference, Long::sum);
    }

    /** Writes what was gathered while the request ran. */
    void finish() throws SQLException {
        for (Map.Entry<Group, Long> count : counts.entrySet()) {
            Group group = count.getKey();
            if (count.getValue() != 0) {
                database.update(
                        "INSERT INTO counts VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT DO UPDATE SET memories = memories + excluded.memories",
                        group.agent(),
                        group.kind().name(),
                        group.tier().name(),
                        count.getValue());
            }
        }
    }

    private record Group(String agent, Kind kind, Tier tier) {}
}
