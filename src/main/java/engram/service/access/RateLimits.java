package engram.service.access;

import engram.error.TooManyRequests;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** Counts what every key asks for, in this process only. Thread-safe. */
final class RateLimits {
    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param nanoTime a clock that only goes forward, in nanoseconds */
    RateLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Takes one request off what a key may ask for.
     *
     * @throws TooManyRequests if nothing is left; says when there will be
     */
    void take(String key, RateLimit limit) {
        if (limit.isNone()) {
            buckets.remove(key);
            return;
        }
        Bucket bucket = buckets.compute(
                key,
                (id, known) ->
                        known == null || !known.limit.equals(limit) ? new Bucket(limit, nanoTime.getAsLong()) : known);
        double wait = bucket.take(nanoTime.getAsLong());
        if (wait > 0) {
            throw new TooManyRequests(
                    "this key may send " + limit.rate() + " requests a second, " + (long) limit.capacity() + " at once",
                    Duration.ofSeconds((long) Math.ceil(wait)));
        }
    }

    /** A bucket of tokens that fills up steadily. */
    private static final class Bucket {
        private final RateLimit limit;
        private double tokens;
        private long filled;

        Bucket(RateLimit limit, long now) {
            this.limit = limit;
            this.tokens = limit.capacity();
            this.filled = now;
        }

        /** Takes a token; where there is none, in how many seconds there will be one. */
        synchronized double take(long now) {
            double passed = Math.max(0, now - filled) / NANOS;
            tokens = Math.min(limit.capacity(), tokens + passed * limit.rate());
            filled = Math.max(filled, now);
            if (tokens >= 1) {
                tokens--;
                return 0;
            }
            return (1 - tokens) / limit.rate();
        }
    }
}
