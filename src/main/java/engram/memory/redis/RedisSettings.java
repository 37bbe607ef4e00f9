package engram.memory.redis;

import engram.error.InvalidInput;
import java.time.Duration;
import java.util.Objects;

/**
 * How the Redis store works. Connections, hosts, TLS and passwords are settings of the client.
 *
 * @param index settings of the vector indexes
 * @param changeRetention how many changes of a space its change feed keeps, about
 * @param idempotencyRetention how long an idempotency key is remembered
 * @param scanBudget how many memories one page looks at, at most, before it ends short of its limit
 * @param answerWithin how long an answer of Redis is waited for
 * @param leaseTime after which time without a sign of life a lease ends
 */
public record RedisSettings(
        IndexSettings index,
        int changeRetention,
        Duration idempotencyRetention,
        int scanBudget,
        Duration answerWithin,
        Duration leaseTime) {
    public RedisSettings {
        Objects.requireNonNull(index, "index");
        requireAtLeast(1, changeRetention, "changeRetention");
        requireAtLeast(1, scanBudget, "scanBudget");
        requirePositive(idempotencyRetention, "idempotencyRetention");
        requirePositive(answerWithin, "answerWithin");
        requirePositive(leaseTime, "leaseTime");
    }

    /** Settings for one Redis on the same machine or network. */
    public static RedisSettings defaults() {
        return new RedisSettings(
                IndexSettings.defaults(),
                100_000,
                Duration.ofHours(24),
                50_000,
                Duration.ofSeconds(10),
                Duration.ofSeconds(15));
    }

    /** The same with another time after which leases end. */
    public RedisSettings withLeaseTime(Duration time) {
        return new RedisSettings(index, changeRetention, idempotencyRetention, scanBudget, answerWithin, time);
    }

    /** The same with other indexes. */
    public RedisSettings withIndex(IndexSettings other) {
        return new RedisSettings(other, changeRetention, idempotencyRetention, scanBudget, answerWithin, leaseTime);
    }

    /** How a vector's numbers are kept. */
    public enum VectorType {
        /** Single precision, four bytes a number. */
        FLOAT32,
        /** Half precision, two bytes a number: half the memory for a little less exact distances. */
        FLOAT16;

        int bytes() {
            return this == FLOAT32 ? Float.BYTES : Short.BYTES;
        }
    }

    /**
     * Settings of the vector indexes. {@code connections}, {@code beamWidth} and {@code searchBreadth} are M,
     * EF_CONSTRUCTION and EF_RUNTIME of RediSearch's HNSW.
     *
     * @param vectors how numbers are kept in spaces created from now on; a space stays with what it began with
     * @param connections how many neighbours a vector has in the graph of an index created from now on
     * @param beamWidth how many candidates are kept while a vector is put into the graph
     * @param searchBreadth how many candidates a search keeps at least, whatever its k
     * @param readyWait how long a search waits for an index that is being rebuilt
     * @param payloadPaths how many different payload paths and tags with numbers have fields of their own; numbers at
     *     others are compared in what a wider search brings back
     */
    public record IndexSettings(
            VectorType vectors,
            int connections,
            int beamWidth,
            int searchBreadth,
            Duration readyWait,
            int payloadPaths) {
        public IndexSettings {
            Objects.requireNonNull(vectors, "vectors");
            requireAtLeast(2, connections, "connections");
            requireAtLeast(1, beamWidth, "beamWidth");
            requireAtLeast(1, searchBreadth, "searchBreadth");
            requirePositive(readyWait, "readyWait");
            requireAtLeast(0, payloadPaths, "payloadPaths");
        }

        /** The settings that the published figures were measured with. */
        public static IndexSettings defaults() {
            return new IndexSettings(VectorType.FLOAT32, 16, 200, 100, Duration.ofSeconds(60), 256);
        }

        /** The same with another type of vectors. */
        public IndexSettings withVectors(VectorType type) {
            return new IndexSettings(type, connections, beamWidth, searchBreadth, readyWait, payloadPaths);
        }

        /** The same with another number of payload paths. */
        public IndexSettings withPayloadPaths(int paths) {
            return new IndexSettings(vectors, connections, beamWidth, searchBreadth, readyWait, paths);
        }
    }

    private static void requireAtLeast(int least, int value, String field) {
        if (value < least) {
            throw new InvalidInput(field, "is at least " + least + ", not " + value);
        }
    }

    private static void requirePositive(Duration value, String field) {
        if (!value.isPositive()) {
            throw new InvalidInput(field, "is a positive duration, not " + value);
        }
    }
}
