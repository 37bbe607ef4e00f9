package engram.encoder;

/**
 * SplitMix64 (Steele, Lea, Flood 2014). Stored embeddings depend on its numbers, so it is written out here instead of
 * being whatever the platform's generator is. Not thread-safe.
 */
final class SplitMix {
    private long state;

    SplitMix(long seed) {
        state = seed;
    }

    long nextLong() {
        state += 0x9e3779b97f4a7c15L;
        long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** 0 or 1. */
    int nextBit() {
        return (int) (nextLong() >>> 63);
    }

    /** 0 to bound − 1; bounds are far below 2³¹, so the bias of the remainder does not matter. */
    int nextInt(int bound) {
        return (int) Long.remainderUnsigned(nextLong(), bound);
    }

    /** A number from the standard normal distribution (Box and Muller 1958). */
    double nextGaussian() {
        double radius = Math.sqrt(-2 * StrictMath.log(((nextLong() >>> 11) + 1) * 0x1.0p-53));
        return radius * StrictMath.cos(2 * Math.PI * ((nextLong() >>> 11) * 0x1.0p-53));
    }
}
