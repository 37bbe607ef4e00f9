package engram.environment;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * NumPy's {@code default_rng}: PCG64 (O'Neill 2014, the XSL-RR variant of 128 bits) seeded by NumPy's SeedSequence, which
 * is what {@code gymnasium.utils.seeding.np_random} gives an environment. The same seed gives the same numbers as there.
 * After {@code numpy/random/bit_generator.pyx} and {@code numpy/random/src/pcg64/pcg64.h}. Not thread-safe.
 */
final class Pcg64 {
    private static final long MULTIPLIER_HIGH = 2549297995355413924L;
    private static final long MULTIPLIER_LOW = 4865540595714422341L;

    private long high;
    private long low;
    private long incrementHigh;
    private long incrementLow;

    /** @param seed 0 or more */
    Pcg64(long seed) {
        seed(seed);
    }

    /** Begins anew. */
    void seed(long seed) {
        long[] words = SeedSequence.generate(seed);
        incrementHigh = words[2] << 1 | words[3] >>> 63;
        incrementLow = words[3] << 1 | 1;
        high = 0;
        low = 0;
        advance();
        add(words[0], words[1]);
        advance();
    }

    /** A number from low (included) to high (practically excluded), {@code Generator.uniform}. */
    double uniform(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    private double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    long nextLong() {
        advance();
        return Long.rotateRight(high ^ low, (int) (high >>> 58));
    }

    private void advance() {
        long product = Math.unsignedMultiplyHigh(low, MULTIPLIER_LOW) + high * MULTIPLIER_LOW + low * MULTIPLIER_HIGH;
        low *= MULTIPLIER_LOW;
        high = product;
        add(incrementHigh, incrementLow);
    }

    private void add(long addedHigh, long addedLow) {
        low += addedLow;
        high += addedHigh + (Long.compareUnsigned(low, addedLow) < 0 ? 1 : 0);
    }

    void save(DataOutput output) throws IOException {
        output.writeLong(high);
        output.writeLong(low);
        output.writeLong(incrementHigh);
        output.writeLong(incrementLow);
    }

    void restore(DataInput input) throws IOException {
        high = input.readLong();
        low = input.readLong();
        incrementHigh = input.readLong();
        incrementLow = input.readLong();
    }

    /** NumPy's SeedSequence without spawn keys: hashes one number into as many bits as a generator needs. */
    private static final class SeedSequence {
        private static final int POOL = 4;

        private int multiplier = 0x43b0d7e5;

        /** The first four 64-bit words of {@code SeedSequence(seed).generate_state(4, uint64)}. */
        static long[] generate(long seed) {
            int[] pool = new SeedSequence().pool(seed);
            int[] words = new int[8];
            int multiplier = 0x8b51f9dd;
            for (int i = 0; i < words.length; i++) {
                int word = pool[i % POOL] ^ multiplier;
                multiplier *= 0x58f38ded;
                word *= multiplier;
                words[i] = word ^ word >>> 16;
            }
            long[] result = new long[4];
            for (int i = 0; i < result.length; i++) {
                result[i] = (words[2 * i] & 0xffffffffL) | (long) words[2 * i + 1] << 32;
            }
            return result;
        }

        private int[] pool(long seed) {
            int[] pool = {hash((int) seed), hash((int) (seed >>> 32)), hash(0), hash(0)};
            for (int from = 0; from < POOL; from++) {
                for (int to = 0; to < POOL; to++) {
                    if (from != to) {
                        int mixed = 0xca01f9dd * pool[to] - 0x4973f715 * hash(pool[from]);
                        pool[to] = mixed ^ mixed >>> 16;
                    }
                }
            }
            return pool;
        }

        private int hash(int value) {
            int mixed = value ^ multiplier;
            multiplier *= 0x931e8875;
            mixed *= multiplier;
            return mixed ^ mixed >>> 16;
        }
    }
}
