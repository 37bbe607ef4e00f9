package engram.memory.embedded;

import java.time.Duration;
import java.util.Objects;

/**
 * How the embedded store uses disk, memory and processors. {@link #defaults()} suits one process with two or more cores.
 *
 * @param record settings of the record
 * @param index settings of the vector indexes
 */
public record EmbeddedSettings(RecordSettings record, IndexSettings index) {
    public EmbeddedSettings {
        Objects.requireNonNull(record, "record");
        Objects.requireNonNull(index, "index");
    }

    /** The settings that the published figures were measured with. */
    public static EmbeddedSettings defaults() {
        return new EmbeddedSettings(RecordSettings.defaults(), IndexSettings.defaults());
    }

    /**
     * Settings of the record.
     *
     * @param readConnections how many reads of one space run at the same time at most; others wait
     * @param groupLimit how many write requests share one transaction at most
     * @param changeRetention how many changes of a space its change feed keeps
     * @param idempotencyRetention how long an idempotency key is remembered
     * @param scanBudget how many memories one page looks at, at most, before it ends short of its limit
     * @param sizeLimit the size in bytes that the record of one space may reach; writes are refused beyond it; 0 for no
     *     limit but the disk
     */
    public record RecordSettings(
            int readConnections,
            int groupLimit,
            int changeRetention,
            Duration idempotencyRetention,
            int scanBudget,
            long sizeLimit) {
        public RecordSettings {
            requireAtLeast(1, readConnections, "readConnections");
            requireAtLeast(1, groupLimit, "groupLimit");
            requireAtLeast(1, changeRetention, "changeRetention");
            requirePositive(idempotencyRetention, "idempotencyRetention");
            requireAtLeast(1, scanBudget, "scanBudget");
            requireAtLeast(0, sizeLimit, "sizeLimit");
        }

        /** The defaults. */
        public static RecordSettings defaults() {
            return new RecordSettings(8, 256, 100_000, Duration.ofHours(24), 50_000, 0);
        }

        /** The same with another limit of size. */
        public RecordSettings withSizeLimit(long bytes) {
            return new RecordSettings(
                    readConnections, groupLimit, changeRetention, idempotencyRetention, scanBudget, bytes);
        }
    }

    /**
     * Settings of the vector indexes. {@code connections}, {@code beamWidth} and {@code searchBreadth} are M,
     * efConstruction and ef of Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using
     * Hierarchical Navigable Small World graphs", 2018.
     *
     * @param connections how many neighbours a vector has in the graph
     * @param beamWidth how many candidates are kept while a vector is put into the graph
     * @param searchBreadth how many candidates a search keeps at least, whatever its k
     * @param graphThreshold up to how many vectors a segment is searched without a graph
     * @param overlayThreshold how many changes wait in memory before they are moved into the index
     * @param overlayLimit how many changes wait in memory before writers have to wait
     * @param overlayIdle after which time without reaching the threshold changes are moved into the index all the same
     * @param writeWait how long a writer waits for room in the overlay
     * @param commitChanges after how many changes an index is committed to disk
     * @param commitInterval after which time an index with changes is committed to disk
     * @param readyWait how long a search waits for an index that is being caught up or rebuilt
     * @param payloadPaths how many different payload paths with numbers an index has point fields for; numbers at others
     *     are compared by reading the record
     */
    public record IndexSettings(
            int connections,
            int beamWidth,
            int searchBreadth,
            int graphThreshold,
            int overlayThreshold,
            int overlayLimit,
            Duration overlayIdle,
            Duration writeWait,
            int commitChanges,
            Duration commitInterval,
            Duration readyWait,
            int payloadPaths) {
        public IndexSettings {
            requireAtLeast(2, connections, "connections");
            requireAtLeast(1, beamWidth, "beamWidth");
            requireAtLeast(1, searchBreadth, "searchBreadth");
            requireAtLeast(0, graphThreshold, "graphThreshold");
            requireAtLeast(1, overlayThreshold, "overlayThreshold");
            requireAtLeast(overlayThreshold, overlayLimit, "overlayLimit");
            requirePositive(overlayIdle, "overlayIdle");
            requirePositive(writeWait, "writeWait");
            requireAtLeast(1, commitChanges, "commitChanges");
            requirePositive(commitInterval, "commitInterval");
            requirePositive(readyWait, "readyWait");
            requireAtLeast(0, payloadPaths, "payloadPaths");
        }

        /** The defaults. */
        public static IndexSettings defaults() {
            return new IndexSettings(
                    32,
                    150,
                    160,
                    4_000,
                    2_048,
                    65_536,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    20_000,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(60),
                    256);
        }

        /** The same with another overlay: small ones make an index work hard in tests. */
        public IndexSettings withOverlay(int threshold, int limit, Duration idle) {
            return new IndexSettings(
                    connections,
                    beamWidth,
                    searchBreadth,
                    graphThreshold,
                    threshold,
                    limit,
                    idle,
                    writeWait,
                    commitChanges,
                    commitInterval,
                    readyWait,
                    payloadPaths);
        }

        /** The same with other commits. */
        public IndexSettings withCommit(int newCommitChanges, Duration newCommitInterval) {
            return new IndexSettings(
                    connections,
                    beamWidth,
                    searchBreadth,
                    graphThreshold,
                    overlayThreshold,
                    overlayLimit,
                    overlayIdle,
                    writeWait,
                    newCommitChanges,
                    newCommitInterval,
                    readyWait,
                    payloadPaths);
        }

        /** The same with another graph. */
        public IndexSettings withGraph(
                int newConnections, int newBeamWidth, int newSearchBreadth, int newGraphThreshold) {
            return new IndexSettings(
                    newConnections,
                    newBeamWidth,
                    newSearchBreadth,
                    newGraphThreshold,
                    overlayThreshold,
                    overlayLimit,
                    overlayIdle,
                    writeWait,
                    commitChanges,
                    commitInterval,
                    readyWait,
                    payloadPaths);
        }
    }

    private static void requireAtLeast(long least, long value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is at least " + least + ", not " + value);
        }
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " is a positive duration, not " + duration);
        }
    }
}
