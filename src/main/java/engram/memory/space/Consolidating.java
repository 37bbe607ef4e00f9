package engram.memory.space;

import engram.error.Conflict;
import engram.memory.Leases;
import engram.memory.MemoryStore;
import engram.memory.consolidation.Consolidation;
import engram.memory.consolidation.ConsolidationReport;
import engram.memory.consolidation.TierEncoding;
import engram.memory.consolidation.TierPolicy;
import engram.run.Progress;
import java.util.concurrent.locks.ReentrantLock;

/** The consolidations of one space: one at a time over all replicas, and in this one too if it loses its turn. */
final class Consolidating {
    private final String space;
    private final Consolidation consolidation;
    private final SpaceServices services;
    private final ReentrantLock here = new ReentrantLock();

    Consolidating(String space, MemoryStore store, TierEncoding encoding, SpaceServices services) {
        this.space = space;
        this.consolidation = new Consolidation(store, encoding, services.clock());
        this.services = services;
    }

    /**
     * Consolidates until the turn is over or somebody else's.
     *
     * @throws Conflict if a consolidation is under way, here or in another replica
     */
    ConsolidationReport run(TierPolicy policy, boolean dryRun, Progress progress) {
        if (!here.tryLock()) {
            throw underWay();
        }
        try (Leases.Lease turn = services.turn(space, "consolidation").orElseThrow(Consolidating::underWay)) {
            return consolidation.run(policy, dryRun, new TurnProgress(progress, turn));
        } finally {
            here.unlock();
        }
    }

    private static Conflict underWay() {
        return new Conflict("", "a consolidation of this space is under way");
    }
}
