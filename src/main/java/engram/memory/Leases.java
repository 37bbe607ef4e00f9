package engram.memory;

import java.util.Optional;

/**
 * Turns at work that only one replica of a service may do at a time. A lease is kept up by the process that has it; when
 * that process dies or loses touch, the lease ends by itself after a while and another one can take it. Thread-safe.
 */
public interface Leases {
    /**
     * Takes a lease.
     *
     * @param name of the work, by the rules of {@link Documents} names
     * @return the lease; empty if somebody else, or another thread of this process, has it
     * @throws engram.error.Unavailable if leases cannot be reached
     */
    Optional<Lease> acquire(String name);

    /** A turn at some work. Thread-safe. */
    interface Lease extends AutoCloseable {
        /**
         * Whether the work is still this process' to do. Long work asks now and then, and stops when it is not.
         */
        boolean isHeld();

        /** Gives the turn to others. Does nothing if it is lost already. */
        @Override
        void close();
    }
}
