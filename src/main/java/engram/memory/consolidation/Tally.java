package engram.memory.consolidation;

import engram.memory.Memory;
import engram.memory.Statistics;
import engram.memory.Tier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what a consolidation does. */
final class Tally {
    private static final int MOST_EXAMPLES = 10;

    private final Map<Tier, Long> before;
    private final Map<Tier, Long> after;
    private final List<ConsolidationReport.Agent> agents = new ArrayList<>();
    private final List<String> demotedToIm = new ArrayList<>();
    private final List<String> demotedToLtm = new ArrayList<>();
    private final List<ConsolidationReport.Merged> merged = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private final Sum total = new Sum();
    private Sum current = new Sum();
    private boolean mergingPostponed;

    Tally(Statistics statistics) {
        before = statistics.byTier();
        after = new EnumMap<>(before);
    }

    void demoted(List<Memory> moved, Tier to, int skipped) {
        boolean toIm = to == Tier.IM;
        if (toIm) {
            current.demotedToIm += moved.size();
        } else {
            current.demotedToLtm += moved.size();
        }
        current.skipped += skipped;
        moved.forEach(memory -> addExample(toIm ? demotedToIm : demotedToLtm, memory.id()));
        moved.forEach(memory -> after.merge(memory.tier(), -1L, Long::sum));
        after.merge(to, (long) moved.size(), Long::sum);
    }

    void merged(Memory into, List<Memory> from) {
        current.groups++;
        current.merged += from.size();
        after.merge(into.tier(), 1L - from.size(), Long::sum);
        addExample(
                merged,
                new ConsolidationReport.Merged(
                        into.id(),
                        from.stream().limit(MOST_EXAMPLES).map(Memory::id).toList()));
    }

    void forgotten(List<Memory> memories) {
        current.forgotten += memories.size();
        memories.forEach(memory -> addExample(forgotten, memory.id()));
        after.merge(Tier.LTM, (long) -memories.size(), Long::sum);
    }

    void finished(List<Memory> originals) {
        current.finished += originals.size();
        originals.forEach(original -> after.merge(original.tier(), -1L, Long::sum));
    }

    void postponeMerging() {
        mergingPostponed = true;
    }

    boolean isMergingPostponed() {
        return mergingPostponed;
    }

    /** Closes the account of one agent. */
    void finish(String agent) {
        ConsolidationReport.Counts counts = current.counts();
        if (!counts.isNothing() && agents.size() < ConsolidationReport.MOST_AGENTS) {
            agents.add(new ConsolidationReport.Agent(agent, counts));
        }
        total.add(current);
        current = new Sum();
    }

    Map<String, Double> metrics() {
        return Map.of(
                "demoted", (double) (total.demotedToIm + total.demotedToLtm),
                "merged", (double) total.merged,
                "forgotten", (double) total.forgotten);
    }

    ConsolidationReport report(boolean dryRun) {
        return new ConsolidationReport(
                dryRun,
                before,
                after,
                total.counts(),
                agents,
                new ConsolidationReport.Examples(demotedToIm, demotedToLtm, merged, forgotten),
                mergingPostponed);
    }

    private static <T> void addExample(List<T> examples, T example) {
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(example);
        }
    }

    private static final class Sum {
        private long demotedToIm;
        private long demotedToLtm;
        private long groups;
        private long merged;
        private long forgotten;
        private long finished;
        private long skipped;

        void add(Sum other) {
            demotedToIm += other.demotedToIm;
            demotedToLtm += other.demotedToLtm;
            groups += other.groups;
            merged += other.merged;
            forgotten += other.forgotten;
            finished += other.finished;
            skipped += other.skipped;
        }

        ConsolidationReport.Counts counts() {
            return new ConsolidationReport.Counts(
                    demotedToIm, demotedToLtm, groups, merged, forgotten, finished, skipped);
        }
    }
}
