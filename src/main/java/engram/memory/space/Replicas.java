package engram.memory.space;

import engram.memory.Documents;
import engram.memory.Leases;
import engram.memory.ProcessLeases;
import java.util.Objects;
import java.util.Optional;

/**
 * What the replicas of a service share beside the stores.
 *
 * @param leases turns at work that one replica does at a time
 * @param documents where encoders are kept for every replica; empty where one process has the data alone
 */
public record Replicas(Leases leases, Optional<Documents> documents) {
    public Replicas {
        Objects.requireNonNull(leases, "leases");
        Objects.requireNonNull(documents, "documents");
    }

    /** One process that has the data alone: encoders are kept in its directory only, and nobody has to be followed. */
    public static Replicas alone() {
        return new Replicas(new ProcessLeases(), Optional.empty());
    }

    /** Several processes with the same stores, each with a directory of its own. */
    public static Replicas sharing(Leases leases, Documents documents) {
        return new Replicas(leases, Optional.of(documents));
    }

    /** Whether others may change what this process has read. */
    public boolean areOthers() {
        return documents.isPresent();
    }
}
