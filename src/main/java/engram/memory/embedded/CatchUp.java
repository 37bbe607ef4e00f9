package engram.memory.embedded;

import engram.memory.EmbeddingVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Brings an index up to the record: from nothing, or from the change it had been committed at. */
final class CatchUp {
    private static final int CHUNK = 500;

    private final ReadConnections record;
    private final EmbeddingVersion version;
    private final LuceneIndex index;
    private long lastRow;

    CatchUp(ReadConnections record, EmbeddingVersion version, LuceneIndex index) {
        this.record = record;
        this.version = version;
        this.index = index;
    }

    /** Returns how many rows were looked at. Later changes than {@code target} may or may not be in the index then. */
    int run(long target) throws IOException {
        if (index.sequence() == target) {
            return 0;
        }
        return index.sequence() == 0 ? build() : follow();
    }

    private int build() throws IOException {
        int rows = 0;
        long last = 0;
        while (true) {
            long after = last;
            List<Overlay.Change> chunk = record.read(database -> RecordReader.indexed(database, version, after, CHUNK));
            if (chunk.isEmpty()) {
                return rows;
            }
            for (Overlay.Change indexed : chunk) {
                index.add(indexed);
            }
            rows += chunk.size();
            last = chunk.getLast().row;
            lastRow = last;
        }
    }

    private int follow() throws IOException {
        List<Long> changed = record.read(database -> RecordReader.changedRows(database, version, index.sequence()));
        for (int from = 0; from < changed.size(); from += CHUNK) {
            List<Long> rows = changed.subList(from, Math.min(from + CHUNK, changed.size()));
            List<Overlay.Change> chunk = record.read(database -> {
                List<Overlay.Change> read = new ArrayList<>(rows.size());
                for (long row : rows) {
                    read.add(RecordReader.indexed(database, version, row));
                }
                return read;
            });
            for (Overlay.Change indexed : chunk) {
                index.replace(indexed);
                lastRow = Math.max(lastRow, indexed.row);
            }
        }
        return changed.size();
    }

    /** The highest row that was looked at: a fresh change of it or a lower one may be in the index already. */
    long lastRow() {
        return lastRow;
    }
}
