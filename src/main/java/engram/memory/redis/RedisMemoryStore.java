package engram.memory.redis;

import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.ChangeEvent;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Scan;
import engram.memory.Search;
import engram.memory.Statistics;
import engram.memory.Tier;
import engram.memory.Update;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The store of one space in Redis. */
final class RedisMemoryStore implements MemoryStore {
    /** How many memories are measured to estimate the size of all. */
    private static final int MEASURED = 32;

    private final RedisSpace space;
    private final NumberFields numbers;
    private final Indexes indexes;
    private final MemoryReading reading;
    private final MemoryWrites writes;
    private final MemoryUpdates updates;
    private final VersionChanges versions;
    private final NearestSearch nearest;
    private final RetiredVersions retired;

    RedisMemoryStore(RedisSpace space, Executor executor, RedisLeases leases) {
        this.space = space;
        this.numbers = new NumberFields(space);
        this.indexes = new Indexes(space, numbers, executor);
        this.reading = new MemoryReading(space);
        this.writes = new MemoryWrites(space, numbers, indexes);
        this.updates = new MemoryUpdates(space, reading, numbers, writes);
        this.versions = new VersionChanges(space, indexes);
        this.nearest = new NearestSearch(space, numbers, indexes, reading);
        this.retired = new RetiredVersions(space, indexes, executor, leases);
        retired.clearAway();
    }

    RedisSpace space() {
        return space;
    }

    @Override
    public Appended append(Append append) {
        return writes.append(append);
    }

    @Override
    public Map<String, Memory> get(Collection<String> ids) {
        return reading.withRecalls(ids);
    }

    @Override
    public Map<String, float[]> vectors(Collection<String> ids, EmbeddingVersion version) {
        About about = space.refreshed();
        Map<String, float[]> vectors = new HashMap<>();
        Integer field = about.fields().get(version);
        if (field != null) {
            reading.blobs(ids, field).forEach((id, blob) -> vectors.put(id, Blobs.read(blob, about.vectors())));
        }
        return vectors;
    }

    @Override
    public List<Search.Hit> search(Search search) {
        return nearest.run(search);
    }

    @Override
    public Scan.Page scan(Scan scan) {
        return new ScanWalk(space, reading, scan).run();
    }

    @Override
    public List<Update.Outcome> update(List<Update> all) {
        return updates.update(all);
    }

    @Override
    public void countRecalls(Map<String, Integer> counts, Instant at) {
        Arguments arguments = new Arguments().add(at.toEpochMilli()).add(counts.size());
        counts.forEach((id, count) -> arguments.add(id).add(count));
        space.run(Script.RECALLS, arguments);
    }

    @Override
    public Set<String> delete(Collection<String> ids, Departure why) {
        return updates.delete(ids, why);
    }

    @Override
    public Statistics statistics() {
        List<Statistics.Count> counts = new ArrayList<>();
        RedisSpace.strings(space.ask("HGETALL", space.keys().counts())).forEach((group, memories) -> {
            String[] parts = group.split(":", 3);
            counts.add(new Statistics.Count(
                    parts[2],
                    Kind.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                    Tier.valueOf(parts[0]),
                    Long.parseLong(memories)));
        });
        long indexBytes = 0;
        for (String index : indexed()) {
            indexBytes += info(index).bytes();
        }
        return new Statistics(counts, recordBytes(), indexBytes, sequence());
    }

    /** Estimated from some memories: measuring all would take as long as reading them. */
    private long recordBytes() {
        Response some = space.ask("ZRANDMEMBER", space.keys().order(), MEASURED);
        long bytes = 0;
        for (Response id : some) {
            @Nullable
            Response usage =
                    space.send(Commands.request("MEMORY", "USAGE", space.keys().memory(id.toString())));
            bytes += usage == null ? 0 : usage.toLong();
        }
        if (some.size() == 0) {
            return 0;
        }
        return Math.round((double) bytes
                / some.size()
                * space.ask("ZCARD", space.keys().order()).toLong());
    }

    /** What an operator should know: indexes that could not take up everything. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (String index : indexed()) {
            long failures = info(index).failures();
            if (failures > 0) {
                problems.add("space '" + space.name() + "': index " + index + " could not take up " + failures
                        + " memories, which recall does not find; a vector of a wrong length was written past Engram");
            }
        }
        return problems;
    }

    private List<String> indexed() {
        About about = space.refreshed();
        List<String> names = new ArrayList<>();
        about.fields().values().stream().filter(about.indexed()::contains).forEach(field -> {
            for (Tier tier : Tier.values()) {
                names.add(space.keys().index(tier, field));
            }
        });
        return names;
    }

    /** An index that is gone at the moment holds and misses nothing; the next search has it rebuilt. */
    private IndexInfo info(String index) {
        try {
            return indexes.info(index);
        } catch (Refused e) {
            return new IndexInfo(Set.of(), false, 0, 0);
        }
    }

    @Override
    public long sequence() {
        return space.ask("HGET", space.keys().about(), "sequence").toLong();
    }

    @Override
    public List<ChangeEvent> changes(long after, int limit) {
        List<ChangeEvent> changes = new ArrayList<>();
        Response entries = space.ask("XRANGE", space.keys().changes(), "(" + after + "-0", "+", "COUNT", limit);
        for (Response entry : entries) {
            String number = entry.get(0).toString();
            Map<String, String> fields = RedisSpace.strings(entry.get(1));
            changes.add(new ChangeEvent(
                    Long.parseLong(number.substring(0, number.indexOf('-'))),
                    ChangeEvent.Type.valueOf(fields.getOrDefault("type", "")),
                    fields.getOrDefault("id", ""),
                    fields.getOrDefault("agent", ""),
                    Tier.valueOf(fields.getOrDefault("tier", "")),
                    Instant.ofEpochMilli(Long.parseLong(fields.getOrDefault("time", "0")))));
        }
        return changes;
    }

    @Override
    public Set<EmbeddingVersion> versions() {
        return space.refreshed().fields().keySet();
    }

    @Override
    public EmbeddingVersion activeVersion(Modality modality) {
        return space.refreshed().activeOf(modality);
    }

    @Override
    public void beginVersion(EmbeddingVersion version) {
        versions.begin(version);
    }

    @Override
    public List<String> withoutVector(EmbeddingVersion version, int limit) {
        return versions.without(version, limit);
    }

    @Override
    public void putVectors(EmbeddingVersion version, Map<String, float[]> vectors) {
        versions.put(version, vectors);
    }

    @Override
    public void activateVersion(EmbeddingVersion version) {
        versions.activate(version).ifPresent(_ -> retired.clearAway());
    }

    @Override
    public void discardVersion(EmbeddingVersion version) {
        versions.discard(version).ifPresent(_ -> retired.clearAway());
    }

    @Override
    public void close() {
        space.close();
    }
}
