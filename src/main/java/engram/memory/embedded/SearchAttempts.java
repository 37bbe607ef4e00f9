package engram.memory.embedded;

import engram.memory.FilterEvaluation;
import engram.memory.Memory;
import engram.memory.Search;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How a search goes on until what it found and what the record says are of one moment. */
final class SearchAttempts {
    private static final int MOST = 4;

    private final Search search;
    private final ReadConnections record;
    private final RecallCounts recalls;
    private boolean consistent;

    SearchAttempts(Search search, ReadConnections record, RecallCounts recalls) {
        this.search = search;
        this.record = record;
        this.recalls = recalls;
    }

    List<Search.Hit> run(Supplier<VersionIndex.Found> attempt) {
        List<Search.Hit> hits = List.of();
        for (int i = 0; i < MOST; i++) {
            VersionIndex.Found found = attempt.get();
            consistent = !found.raced();
            hits = record.read(database -> hits(database, found.candidates()));
            if (consistent) {
                return hits;
            }
        }
        return hits;
    }

    private List<Search.Hit> hits(Database database, List<NearestSearch.Candidate> candidates) throws SQLException {
        List<Search.Hit> hits = new ArrayList<>(candidates.size());
        for (NearestSearch.Candidate candidate : candidates) {
            Optional<Memory> memory = RecordReader.byRow(database, candidate.row());
            if (memory.isPresent() && isStillFound(memory.get(), candidate)) {
                hits.add(new Search.Hit(recalls.in(memory.get()), candidate.distance()));
            }
            consistent &= memory.isPresent()
                    ? memory.get().sequence() == candidate.sequence()
                    : RecordReader.isThere(database, candidate.row());
        }
        return hits;
    }

    private boolean isStillFound(Memory memory, NearestSearch.Candidate candidate) {
        return memory.sequence() == candidate.sequence()
                || (memory.tier() == candidate.tier() && FilterEvaluation.matches(search.filter(), memory));
    }
}
