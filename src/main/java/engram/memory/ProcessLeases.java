package engram.memory;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Leases between the threads of one process that has its data alone. They last until they are closed. Thread-safe.
 *
 * <pre>{@code
 * try (Leases.Lease lease = leases.acquire("spaces/world/consolidation").orElseThrow()) {
 *     consolidate(lease::isHeld);
 * }
 * }</pre>
 */
public final class ProcessLeases implements Leases {
    private final ConcurrentMap<String, Lease> taken = new ConcurrentHashMap<>();

    @Override
    public Optional<Lease> acquire(String name) {
        Lease lease = new Taken(Objects.requireNonNull(name, "name"));
        return taken.putIfAbsent(name, lease) == null ? Optional.of(lease) : Optional.empty();
    }

    /** One that is held for as long as it is the one in the table. */
    private final class Taken implements Lease {
        private final String name;

        Taken(String name) {
            this.name = name;
        }

        @Override
        public boolean isHeld() {
            return equals(taken.get(name));
        }

        @Override
        public void close() {
            taken.remove(name, this);
        }
    }
}
