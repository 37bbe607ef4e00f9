package engram.service;

import engram.memory.embedded.EmbeddedSettings;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of the embedded store. */
public final class EmbeddedStoreSettings {
    private EmbeddedStoreSettings() {}

    /** The record. */
    public interface RecordStore {
        /** How many reads of one space run at the same time at most. */
        @WithDefault("8")
        int readConnections();

        /** How many write requests share one transaction at most. */
        @WithDefault("256")
        int groupLimit();

        /** How many memories one page looks at, at most, before it ends short of its limit. */
        @WithDefault("50000")
        int scanBudget();

        /** The size that the record of one space may reach before writes are refused; 0 for no limit but the disk. */
        @WithDefault("0")
        MemorySize sizeLimit();
    }

    /** The indexes. */
    public interface Index {
        /** How many neighbours a vector has in the graph (M of HNSW). */
        @WithDefault("32")
        int connections();

        /** How many candidates are kept while a vector is put into the graph (efConstruction). */
        @WithDefault("150")
        int beamWidth();

        /** How many candidates a search keeps at least, whatever its k (ef). */
        @WithDefault("160")
        int searchBreadth();

        /** Up to how many vectors a segment is searched without a graph. */
        @WithDefault("4000")
        int graphThreshold();

        /** How many changes wait in memory before they are moved into the index. */
        @WithDefault("2048")
        int overlayThreshold();

        /** How many changes wait in memory before writers have to wait. */
        @WithDefault("65536")
        int overlayLimit();

        /** After which time without reaching the threshold changes are moved into the index all the same. */
        @WithDefault("1s")
        Duration overlayIdle();

        /** How long a writer waits for room before it is answered with 503. */
        @WithDefault("10s")
        Duration writeWait();

        /** After how many changes an index is committed to disk. */
        @WithDefault("20000")
        int commitChanges();

        /** After which time an index with changes is committed to disk. */
        @WithDefault("20s")
        Duration commitInterval();

        /** How long a recall waits for an index that is being caught up or rebuilt before it is answered with 503. */
        @WithDefault("60s")
        Duration readyWait();

        /** How many payload paths with numbers are indexed; filters on others read the record. */
        @WithDefault("256")
        int payloadPaths();
    }

    /** The settings as the store knows them. */
    static EmbeddedSettings of(ServiceSettings settings) {
        RecordStore record = settings.record();
        Index index = settings.index();
        return new EmbeddedSettings(
                new EmbeddedSettings.RecordSettings(
                        record.readConnections(),
                        record.groupLimit(),
                        settings.changes().retention(),
                        settings.idempotency().retention(),
                        record.scanBudget(),
                        record.sizeLimit().asLongValue()),
                new EmbeddedSettings.IndexSettings(
                        index.connections(),
                        index.beamWidth(),
                        index.searchBreadth(),
                        index.graphThreshold(),
                        index.overlayThreshold(),
                        index.overlayLimit(),
                        index.overlayIdle(),
                        index.writeWait(),
                        index.commitChanges(),
                        index.commitInterval(),
                        index.readyWait(),
                        index.payloadPaths()));
    }
}
