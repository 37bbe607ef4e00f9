package engram.memory.consolidation;

import engram.memory.EmbeddingVersion;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Statistics;
import engram.run.Progress;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Consolidates the memories of one space, agent by agent: what has outlived its tier or exceeds its capacity moves to
 * the tier below, near-duplicates in IM and LTM become one memory, and what exceeds LTM is forgotten. A second run at
 * the same time finds nothing to do.
 *
 * <p>A dry run makes exactly the same decisions on the store as it is, and writes nothing.
 *
 * <p>An object of this class remembers, between its runs, which memories have been compared with each other, so that
 * later runs compare the newer ones only: keep one for each space. Not thread-safe, and two consolidations of one space
 * must not run at the same time.
 */
public final class Consolidation {
    private static final int MOST_CHANGES_OF_A_DRY_RUN = 100_000;

    private final MemoryStore store;
    private final TierEncoding encoding;
    private final InstantSource clock;
    private @Nullable Examined examined;

    /**
     * @param store the memories of the space
     * @param encoding its encoders and schema
     * @param clock tells the time that ages count to
     */
    public Consolidation(MemoryStore store, TierEncoding encoding, InstantSource clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.encoding = Objects.requireNonNull(encoding, "encoding");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Consolidates every agent's memories.
     *
     * @param policy what to keep where
     * @param dryRun whether only to find out what would be done
     * @param progress is told the share of memories that were looked at, and asked whether to stop before every page and
     *     every step that writes
     * @throws java.util.concurrent.CancellationException if the run was cancelled; what was done so far stays
     * @throws engram.error.TooLarge if one agent has more memories to consolidate than a dry run can follow
     */
    public ConsolidationReport run(TierPolicy policy, boolean dryRun, Progress progress) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Statistics statistics = store.statistics();
        Set<EmbeddingVersion> versions = activeVersions();
        long upTo = examinedUpTo(policy.merge(), versions);
        Tally tally = new Tally(statistics);
        long total = Math.max(1, statistics.total());
        long done = 0;
        for (Map.Entry<String, Long> agent : agents(statistics).entrySet()) {
            View view = dryRun
                    ? new OverlayView(new StoreView(store), MOST_CHANGES_OF_A_DRY_RUN)
                    : new CheckedView(new StoreView(store), progress);
            new AgentConsolidation(agent.getKey(), view, encoding, policy, now, upTo, tally, progress).run();
            tally.finish(agent.getKey());
            done += agent.getValue();
            progress.report((double) done / total, "consolidated agent " + agent.getKey(), tally.metrics());
        }
        if (!dryRun && policy.merge().enabled() && !tally.isMergingPostponed() && versions.equals(activeVersions())) {
            examined = new Examined(statistics.sequence(), policy.merge(), versions);
        }
        return tally.report(dryRun);
    }

    private long examinedUpTo(TierPolicy.Merge merge, Set<EmbeddingVersion> versions) {
        Examined last = examined;
        if (last == null || !last.merge().equals(merge) || !last.versions().equals(versions)) {
            return Long.MIN_VALUE;
        }
        return last.sequence();
    }

    private Set<EmbeddingVersion> activeVersions() {
        Set<EmbeddingVersion> versions = new HashSet<>();
        for (Modality modality : EnumSet.allOf(Modality.class)) {
            versions.add(store.activeVersion(modality));
        }
        return versions;
    }

    private static Map<String, Long> agents(Statistics statistics) {
        Map<String, Long> agents = new TreeMap<>();
        statistics.counts().forEach(count -> agents.merge(count.agent(), count.memories(), Long::sum));
        return agents;
    }

    /**
     * What has been compared with each other.
     *
     * @param sequence up to which change of the store
     * @param merge by which rule
     * @param versions by whose vectors
     */
    private record Examined(long sequence, TierPolicy.Merge merge, Set<EmbeddingVersion> versions) {}
}
