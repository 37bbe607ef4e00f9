package engram.memory.embedded;

import engram.error.Damaged;
import engram.memory.EmbeddingVersion;
import engram.memory.Modality;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions that have vectors.
 *
 * @param active the version of each modality that every memory of it has a vector of
 * @param filling the version of each modality that is being filled
 */
record LiveVersions(Map<Modality, EmbeddingVersion> active, Map<Modality, EmbeddingVersion> filling) {
    /** Before the record has been read. */
    static final LiveVersions NONE = new LiveVersions(Map.of(), Map.of());

    LiveVersions {
        active = Map.copyOf(active);
        filling = Map.copyOf(filling);
    }

    static LiveVersions read(Database database) throws SQLException {
        Map<Modality, EmbeddingVersion> active = new TreeMap<>();
        Map<Modality, EmbeddingVersion> filling = new TreeMap<>();
        database.list("SELECT modality, number, state FROM versions", row -> {
            EmbeddingVersion version = new EmbeddingVersion(Modality.valueOf(row.getString(1)), row.getInt(2));
            switch (row.getString(3)) {
                case "active" -> active.put(version.modality(), version);
                case "filling" -> filling.put(version.modality(), version);
                default -> {}
            }
            return version;
        });
        return new LiveVersions(active, filling);
    }

    /** The version that answers searches. */
    EmbeddingVersion active(Modality modality) {
        EmbeddingVersion version = active.get(modality);
        if (version == null) {
            throw new Damaged("the record names no active encoder version for " + modality);
        }
        return version;
    }

    @Nullable
    EmbeddingVersion filling(Modality modality) {
        return filling.get(modality);
    }

    List<EmbeddingVersion> of(Modality modality) {
        List<EmbeddingVersion> versions = new ArrayList<>(2);
        versions.add(active(modality));
        EmbeddingVersion next = filling.get(modality);
        if (next != null) {
            versions.add(next);
        }
        return versions;
    }

    Set<EmbeddingVersion> all() {
        Set<EmbeddingVersion> all = new LinkedHashSet<>(active.values());
        all.addAll(filling.values());
        return all;
    }
}
