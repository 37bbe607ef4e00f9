package engram.memory;

import engram.error.Unavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The leases of several replicas in one process. One of them can die, which ends its leases as time would. */
public final class InMemoryLeases {
    private final Map<String, Object> holders = new HashMap<>();

    /** The leases as one more replica sees them. */
    public Replica replica() {
        return new Replica(this);
    }

    /** A replica. */
    public static final class Replica implements Leases {
        private final InMemoryLeases all;
        private boolean dead;

        private Replica(InMemoryLeases all) {
            this.all = all;
        }

        @Override
        public Optional<Lease> acquire(String name) {
            synchronized (all) {
                if (dead) {
                    throw new Unavailable("this replica is dead", Duration.ofSeconds(1));
                }
                Taken lease = new Taken(this, name);
                return all.holders.putIfAbsent(name, lease) == null ? Optional.of(lease) : Optional.empty();
            }
        }

        /** Ends every lease of this replica, and lets it have no more. */
        public void die() {
            synchronized (all) {
                dead = true;
                all.holders.values().removeIf(lease -> lease instanceof Taken taken && taken.owner == this);
            }
        }

        /** Lets it have leases again. */
        public void revive() {
            synchronized (all) {
                dead = false;
            }
        }
    }

    private static final class Taken implements Leases.Lease {
        private final Replica owner;
        private final String name;

        Taken(Replica owner, String name) {
            this.owner = Objects.requireNonNull(owner);
            this.name = name;
        }

        @Override
        public boolean isHeld() {
            synchronized (owner.all) {
                return equals(owner.all.holders.get(name));
            }
        }

        @Override
        public void close() {
            synchronized (owner.all) {
                owner.all.holders.remove(name, this);
            }
        }
    }
}
