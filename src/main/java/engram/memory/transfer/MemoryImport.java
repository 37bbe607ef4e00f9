package engram.memory.transfer;

import engram.error.FieldError;
import engram.run.Progress;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the memories of a file into a space, batch by batch. What was imported before a stream breaks or the run is
 * cancelled stays; importing the file again takes up where it ended, for what is there already is left alone.
 */
public final class MemoryImport {
    private static final int MOST_FAILURES = 100;

    private final Target target;
    private final int batchSize;
    private final int longestItem;

    /**
     * @param target where the memories go
     * @param batchSize how many go at once, at least 1
     * @param longestItem how many bytes one item may have
     */
    public MemoryImport(Target target, int batchSize, int longestItem) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("a batch has at least one memory, not " + batchSize);
        }
        this.target = target;
        this.batchSize = batchSize;
        this.longestItem = longestItem;
    }

    /** Where imported memories go. */
    @FunctionalInterface
    public interface Target {
        /**
         * Stores a batch, each memory for itself.
         *
         * @param header what the file says of itself
         * @param batch the memories; two may have the same id
         * @return one outcome a memory, in order
         */
        List<Outcome> store(Header header, List<TransferredMemory> batch);
    }

    /** What became of one memory. */
    public sealed interface Outcome {
        /** It is stored. */
        record Stored() implements Outcome {}

        /** There is one of its id already. */
        record Duplicate() implements Outcome {}

        /** It cannot be stored; the field is relative to the memory. */
        record Refused(FieldError problem) implements Outcome {}
    }

    /**
     * Imports everything the stream holds.
     *
     * @param in in any format that {@link MemoryReader#open} knows; closed at the end
     * @param progress is told the numbers so far; the fraction stays 0, for a stream does not say how long it is
     * @throws engram.error.InvalidInput if it is no format that can be read; nothing is imported
     * @throws engram.error.Unavailable if the stream breaks
     */
    public ImportReport run(InputStream in, Progress progress) {
        Tally tally = new Tally();
        try (MemoryReader reader = MemoryReader.open(in, longestItem)) {
            List<MemoryReader.Good> batch = new ArrayList<>(batchSize);
            for (Optional<MemoryReader.Item> item = reader.next(); item.isPresent(); item = reader.next()) {
                tally.read++;
                switch (item.get()) {
                    case MemoryReader.Good good -> batch.add(good);
                    case MemoryReader.Bad bad -> tally.fail(bad.index(), bad.problem());
                }
                if (batch.size() == batchSize) {
                    store(reader.header(), batch, tally, progress);
                }
            }
            store(reader.header(), batch, tally, progress);
            return tally.report(reader.ending());
        }
    }

    private void store(Header header, List<MemoryReader.Good> batch, Tally tally, Progress progress) {
        progress.checkCancelled();
        if (batch.isEmpty()) {
            return;
        }
        List<Outcome> outcomes = target.store(
                header, batch.stream().map(MemoryReader.Good::memory).toList());
        for (int i = 0; i < outcomes.size(); i++) {
            switch (outcomes.get(i)) {
                case Outcome.Stored() -> tally.imported++;
                case Outcome.Duplicate() -> tally.duplicates++;
                case Outcome.Refused(FieldError problem) ->
                    tally.fail(batch.get(i).index(), problem);
            }
        }
        batch.clear();
        progress.report(
                0,
                tally.imported + " memories imported",
                Map.of(
                        "read", (double) tally.read,
                        "imported", (double) tally.imported,
                        "duplicates", (double) tally.duplicates,
                        "failed", (double) tally.failed));
    }

    private static final class Tally {
        private final List<ImportReport.Failure> failures = new ArrayList<>();
        private long read;
        private long imported;
        private long duplicates;
        private long failed;

        void fail(long index, FieldError problem) {
            failed++;
            if (failures.size() < MOST_FAILURES) {
                failures.add(new ImportReport.Failure(index, problem.field(), problem.message()));
            }
        }

        ImportReport report(MemoryReader.Ending ending) {
            return new ImportReport(read, imported, duplicates, failed, failures, ending.checksum(), ending.notes());
        }
    }
}
