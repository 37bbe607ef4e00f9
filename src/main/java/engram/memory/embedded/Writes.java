package engram.memory.embedded;

import engram.error.Conflict;
import engram.error.Unavailable;
import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.ChangeEvent;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.IdempotencyKey;
import engram.memory.Memory;
import engram.memory.MemoryChanges;
import engram.memory.Update;
import engram.memory.WriteChecks;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What each write does to the record. */
final class Writes {
    private static final int EXPIRED_KEYS_AT_ONCE = 100;

    private Writes() {}

    static Appended append(WriteTransaction transaction, Append append, Duration retention) throws SQLException {
        if (append.key().isPresent()) {
            Optional<Appended> earlier = earlier(transaction, append.key().get());
            if (earlier.isPresent()) {
                return earlier.get();
            }
        }
        List<Appended.Outcome> outcomes = new ArrayList<>(append.entries().size());
        for (Entry entry : append.entries()) {
            outcomes.add(append(transaction, entry));
        }
        if (append.key().isPresent()) {
            remember(transaction, append.key().get(), outcomes, retention);
        }
        return new Appended(outcomes, false);
    }

    private static Appended.Outcome append(WriteTransaction transaction, Entry entry) throws SQLException {
        Memory memory = entry.memory();
        WriteChecks.requireKey("id", memory.id());
        WriteChecks.requireKey("agent", memory.agent());
        Map<EmbeddingVersion, float[]> vectors = liveVectors(transaction, memory, entry.vectors());
        long number = transaction.nextSequence();
        Memory stored = MemoryChanges.appended(memory, number);
        if (!new MemoryRow(number, stored).insert(transaction.database())) {
            return new Appended.Duplicate(memory.id());
        }
        for (Map.Entry<EmbeddingVersion, float[]> vector : vectors.entrySet()) {
            VectorRow.write(transaction.database(), vector.getKey(), number, vector.getValue(), null);
        }
        transaction.count(stored, 1);
        transaction.record(ChangeEvent.Type.NEW, stored, number);
        transaction.changeIndex(new IndexChange(number, number, memory.kind().modality(), stored, vectors, true, null));
        return new Appended.Stored(stored.id(), stored.tier(), stored.revision());
    }

    private static Optional<Appended> earlier(WriteTransaction transaction, IdempotencyKey key) throws SQLException {
        return transaction
                .database()
                .first(
                        "SELECT fingerprint, outcomes FROM idempotency WHERE key=? AND expires>?",
                        row -> {
                            if (!row.getString(1).equals(key.fingerprint())) {
                                throw new Conflict("Idempotency-Key", "this key was used with another request");
                            }
                            return new Appended(Outcomes.read(row.getBytes(2)), true);
                        },
                        key.value(),
                        transaction.now().toEpochMilli());
    }

    private static void remember(
            WriteTransaction transaction, IdempotencyKey key, List<Appended.Outcome> outcomes, Duration retention)
            throws SQLException {
        Database database = transaction.database();
        database.update(
                "DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE expires<=? LIMIT ?)",
                transaction.now().toEpochMilli(),
                EXPIRED_KEYS_AT_ONCE);
        database.update(
                "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?)",
                key.value(),
                key.fingerprint(),
                Outcomes.write(outcomes),
                transaction.now().plus(retention).toEpochMilli());
    }

    static List<Update.Outcome> update(WriteTransaction transaction, List<Update> updates) throws SQLException {
        List<Update.Outcome> outcomes = new ArrayList<>(updates.size());
        for (Update update : updates) {
            outcomes.add(update(transaction, update));
        }
        return outcomes;
    }

    private static Update.Outcome update(WriteTransaction transaction, Update update) throws SQLException {
        Optional<MemoryRow> found = transaction.find(update.id());
        if (found.isEmpty()) {
            return Update.Outcome.MISSING;
        }
        Memory before = found.get().memory();
        if (update.expectedRevision().isPresent() && update.expectedRevision().getAsLong() != before.revision()) {
            return Update.Outcome.STALE;
        }
        long row = found.get().row();
        switch (update.change()) {
            case Update.Edit edit -> {
                Memory after = MemoryChanges.edited(before, edit, transaction.nextSequence());
                replace(transaction, row, after, transaction.vectors(found.get()), ChangeEvent.Type.EDITED);
            }
            case Update.Demote demote -> {
                Memory after = MemoryChanges.demoted(before, demote, transaction.nextSequence());
                Map<EmbeddingVersion, float[]> vectors = liveVectors(transaction, after, demote.vectors());
                for (EmbeddingVersion version :
                        transaction.versions().of(after.kind().modality())) {
                    float[] vector = vectors.get(version);
                    if (vector == null) {
                        VectorRow.delete(transaction.database(), version, row);
                    } else {
                        VectorRow.write(transaction.database(), version, row, vector, null);
                    }
                }
                transaction.count(before, -1);
                transaction.count(after, 1);
                replace(transaction, row, after, vectors, ChangeEvent.Type.DEMOTED);
            }
            case Update.Remove remove -> delete(transaction, found.get(), remove.why());
        }
        return Update.Outcome.APPLIED;
    }

    private static void replace(
            WriteTransaction transaction,
            long row,
            Memory after,
            Map<EmbeddingVersion, float[]> vectors,
            ChangeEvent.Type type)
            throws SQLException {
        new MemoryRow(row, after).replace(transaction.database());
        transaction.record(type, after, after.sequence());
        transaction.changeIndex(
                new IndexChange(row, after.sequence(), after.kind().modality(), after, vectors, false, null));
    }

    static Set<String> delete(WriteTransaction transaction, Collection<String> ids, Departure why) throws SQLException {
        Set<String> deleted = new LinkedHashSet<>();
        for (String id : ids) {
            Optional<MemoryRow> found = transaction.find(id);
            if (found.isPresent()) {
                delete(transaction, found.get(), why);
                deleted.add(id);
            }
        }
        return deleted;
    }

    private static void delete(WriteTransaction transaction, MemoryRow found, Departure why) throws SQLException {
        Database database = transaction.database();
        Memory memory = found.memory();
        long row = found.row();
        long number = transaction.nextSequence();
        database.update("DELETE FROM memories WHERE row=?", row);
        for (EmbeddingVersion version : transaction.versions().of(memory.kind().modality())) {
            VectorRow.delete(database, version, row);
        }
        database.update("INSERT INTO tombstones VALUES (?, ?)", number, row);
        transaction.count(memory, -1);
        transaction.record(
                switch (why) {
                    case DELETED -> ChangeEvent.Type.DELETED;
                    case FORGOTTEN -> ChangeEvent.Type.FORGOTTEN;
                    case MERGED -> ChangeEvent.Type.MERGED;
                },
                memory,
                number);
        transaction.changeIndex(new IndexChange(row, number, memory.kind().modality(), null, Map.of(), false, null));
    }

    /** Those of a memory's vectors whose version is live; the active one must be among them. */
    private static Map<EmbeddingVersion, float[]> liveVectors(
            WriteTransaction transaction, Memory memory, Map<EmbeddingVersion, float[]> vectors) {
        EmbeddingVersion active = transaction.versions().active(memory.kind().modality());
        if (!vectors.containsKey(active)) {
            throw new Unavailable(
                    "memory '" + memory.id() + "' has no vector of encoder version " + active.number()
                            + ", which became the active one while it was encoded",
                    Duration.ofMillis(50));
        }
        Map<EmbeddingVersion, float[]> live = new LinkedHashMap<>();
        for (EmbeddingVersion version : transaction.versions().of(memory.kind().modality())) {
            float[] vector = vectors.get(version);
            if (vector != null) {
                live.put(version, WriteChecks.requireFit(vector, memory.tier()));
            }
        }
        return live;
    }
}
