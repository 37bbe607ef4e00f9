package engram.memory.deferred;

import java.util.List;

/**
 * What waits, for people who watch the service.
 *
 * @param spaces the spaces of which something waits, was refused or is damaged, sorted by name
 * @param delivered memories that were delivered since the start
 */
public record DeferredStatus(List<OfSpace> spaces, long delivered) {
    public DeferredStatus {
        spaces = List.copyOf(spaces);
    }

    /** How many requests wait. */
    public long writes() {
        return spaces.stream().mapToLong(OfSpace::writes).sum();
    }

    /** How many memories lie in dead-letter files. */
    public long refused() {
        return spaces.stream().mapToLong(OfSpace::refused).sum();
    }

    /** How many damaged pieces lie aside. */
    public long damaged() {
        return spaces.stream().mapToLong(OfSpace::damaged).sum();
    }

    /**
     * A space.
     *
     * @param space its name
     * @param writes how many requests wait
     * @param refused how many memories lie in its dead-letter file
     * @param damaged how many damaged pieces lie aside
     * @param obstacle why nothing is being delivered; empty while it is, or nothing waits
     */
    public record OfSpace(String space, int writes, long refused, int damaged, String obstacle) {}
}
