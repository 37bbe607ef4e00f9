package engram.memory.embedded;

import engram.error.NotFound;
import engram.memory.EmbeddingVersion;
import engram.memory.Modality;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The indexes of one space's live versions. Changed by the committing writer only, read by everyone. */
final class VersionIndexes {
    /** How long a search that has chosen a version may take to begin. */
    private static final int RETIREMENT_SECONDS = 5;

    private final Path directory;
    private final String space;
    private final ReadConnections record;
    private final EmbeddedSettings.IndexSettings settings;
    private final ScheduledExecutorService executor;
    private final Maintenance maintenance;
    private final Map<EmbeddingVersion, VersionIndex> retiring = new HashMap<>();
    private volatile Map<EmbeddingVersion, VersionIndex> indexes = Map.of();
    private volatile LiveVersions versions = LiveVersions.NONE;

    /**
     * @param directory where each index has a directory
     * @param space the identity of the space
     * @param maintenance what is to be done after an index has changed
     */
    VersionIndexes(
            Path directory,
            String space,
            ReadConnections record,
            EmbeddedSettings.IndexSettings settings,
            ScheduledExecutorService executor,
            Maintenance maintenance) {
        this.directory = directory;
        this.space = space;
        this.record = record;
        this.settings = settings;
        this.executor = executor;
        this.maintenance = maintenance;
    }

    /** What the owner does when indexes change. */
    interface Maintenance {
        /** An index has become durable up to a later change. */
        void committed();

        /** The index of a version that is no longer live is gone. */
        void retired();
    }

    VersionIndex get(EmbeddingVersion version) {
        VersionIndex index = indexes.get(version);
        if (index == null) {
            throw new NotFound(
                    "live encoder version",
                    version.modality().name().toLowerCase(Locale.ROOT) + "-v" + version.number());
        }
        return index;
    }

    /** The name of a version's directory. */
    static String name(EmbeddingVersion version) {
        return version.modality().name().toLowerCase(Locale.ROOT) + "-v" + version.number();
    }

    EmbeddingVersion active(Modality modality) {
        return versions.active(modality);
    }

    Set<EmbeddingVersion> versions() {
        return indexes.keySet();
    }

    Collection<VersionIndex> all() {
        return indexes.values();
    }

    /** Opens and retires indexes so that they are those of the live versions. */
    synchronized void change(LiveVersions now, long sequence) {
        if (now.equals(versions)) {
            return;
        }
        Set<EmbeddingVersion> live = now.all();
        Map<EmbeddingVersion, VersionIndex> after = new LinkedHashMap<>();
        for (EmbeddingVersion version : live) {
            VersionIndex index = indexes.get(version);
            after.put(version, index == null ? open(version, sequence) : index);
        }
        Set<EmbeddingVersion> gone = new HashSet<>(indexes.keySet());
        gone.removeAll(live);
        List<VersionIndex> old = gone.stream().map(indexes::get).toList();
        gone.forEach(version -> retiring.put(version, get(version)));
        indexes = Map.copyOf(after);
        versions = now;
        old.forEach(this::retireLater);
    }

    private VersionIndex open(EmbeddingVersion version, long sequence) {
        VersionIndex earlier = retiring.remove(version);
        if (earlier != null) {
            earlier.drop();
        }
        VersionIndex index = new VersionIndex(
                version,
                directory.resolve(name(version)),
                space,
                record,
                sequence,
                settings,
                executor,
                maintenance::committed);
        index.start();
        return index;
    }

    private void retireLater(VersionIndex index) {
        try {
            var _ = executor.schedule(() -> retire(index), RETIREMENT_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            retire(index);
        }
    }

    private void retire(VersionIndex index) {
        synchronized (this) {
            if (!retiring.values().remove(index)) {
                return;
            }
            index.drop();
        }
        maintenance.retired();
    }

    /** Makes every index durable and closes it. */
    synchronized void close() {
        indexes.values().forEach(VersionIndex::close);
        retiring.values().forEach(VersionIndex::drop);
        retiring.clear();
    }
}
