package engram.agent;

import java.util.random.RandomGenerator;

/**
 * A generator whose whole state is one number, so that a checkpoint can hold it and what follows is the same bit for bit:
 * SplitMix64 (Steele, Lea and Flood, 2014). Not thread-safe.
 */
public final class SeededRandom implements RandomGenerator {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private long state;

    public SeededRandom(long seed) {
        state = mix(seed);
    }

    @Override
    public long nextLong() {
        state += GOLDEN;
        return mix(state);
    }

    /** What {@link #restore} needs to go on from here. */
    public long state() {
        return state;
    }

    /** Goes on from an earlier {@link #state}. */
    public void restore(long earlier) {
        state = earlier;
    }

    /** Another generator whose numbers have nothing to do with those of this one; takes one number from this one. */
    public SeededRandom split() {
        return new SeededRandom(nextLong() ^ GOLDEN);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
