package engram.memory.consolidation;

import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The memories of one agent that may stay in a tier of limited capacity, while all of them pass by in any order. Keeps
 * no more than the capacity: whoever is pushed out will not come back.
 */
final class Crowd {
    private static final Comparator<Member> FIRST_TO_LEAVE = Comparator.comparingDouble(Member::readiness)
            .reversed()
            .thenComparingLong(Member::time)
            .thenComparing(Member::id);

    private final PriorityQueue<Member> staying = new PriorityQueue<>(FIRST_TO_LEAVE);
    private long capacity;

    Crowd(long capacity) {
        this.capacity = capacity;
    }

    /**
     * Adds a memory.
     *
     * @return who has to leave for it: the one of greatest readiness, of those the oldest
     */
    Optional<String> add(Member member) {
        staying.add(member);
        return pushOut();
    }

    /** Takes one place away for a memory that stays whatever happens; returns who has to leave for it. */
    Optional<String> reserve() {
        capacity = Math.max(0, capacity - 1);
        return pushOut();
    }

    private Optional<String> pushOut() {
        if (staying.size() <= capacity) {
            return Optional.empty();
        }
        return Optional.ofNullable(staying.poll()).map(Member::id);
    }

    /**
     * A memory in the crowd.
     *
     * @param id its id
     * @param readiness to leave; the greatest leaves first
     * @param time when it happened, in milliseconds
     */
    record Member(String id, double readiness, long time) {}
}
