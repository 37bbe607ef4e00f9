package engram.memory.redis;

import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import engram.memory.Append;
import engram.memory.Appended;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.IdempotencyKey;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.Tier;
import engram.memory.WriteChecks;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Writes new memories, a hundred in one step. A batch that is longer is written in parts, each remembered with the
 * idempotency key: who repeats a batch that broke off writes the rest of it and is told of the first part what it was told
 * the first time.
 */
final class MemoryWrites {
    /** Part of the format: a repeated batch must fall into the same parts. */
    private static final int PART = 100;

    private final RedisSpace space;
    private final NumberFields numbers;
    private final Indexes indexes;

    MemoryWrites(RedisSpace space, NumberFields numbers, Indexes indexes) {
        this.space = space;
        this.numbers = numbers;
        this.indexes = indexes;
    }

    Appended append(Append append) {
        append.entries().forEach(MemoryWrites::check);
        List<Appended.Outcome> outcomes = new ArrayList<>();
        boolean replayed = append.key().isPresent();
        List<Entry> entries = append.entries();
        for (int from = 0; from < entries.size() || from == 0; from += PART) {
            List<Entry> part = entries.subList(from, Math.min(entries.size(), from + PART));
            Response answer = appendPart(append, from / PART, part);
            replayed &= answer.get(0).toInteger() == 1;
            for (int i = 1; i + 1 < answer.size(); i += 2) {
                String id = answer.get(i).toString();
                String tier = answer.get(i + 1).toString();
                outcomes.add(
                        tier.isEmpty() ? new Appended.Duplicate(id) : new Appended.Stored(id, Tier.valueOf(tier), 1));
            }
        }
        return new Appended(outcomes, replayed);
    }

    private static void check(Entry entry) {
        Memory memory = entry.memory();
        WriteChecks.requireKey("id", memory.id());
        WriteChecks.requireKey("agent", memory.agent());
        if (Math.abs(memory.time().toEpochMilli()) >= IndexSchema.LAST_TIME) {
            throw new InvalidInput("time", "is too far from now for this store: " + memory.time());
        }
        entry.vectors().values().forEach(vector -> WriteChecks.requireFit(vector, memory.tier()));
    }

    private Response appendPart(Append append, int number, List<Entry> entries) {
        List<SearchableContent> contents = entries.stream()
                .map(entry -> SearchableContent.of(entry.memory()))
                .toList();
        Set<Integer> fields = numbers.give(NumberFields.places(contents));
        return withVersions(about -> {
            Arguments arguments = new Arguments();
            IdempotencyKey key = append.key().orElse(null);
            arguments.add(key == null ? "" : Tokens.digest(key.value()));
            arguments.add(key == null ? "" : key.fingerprint());
            arguments.add(space.settings().idempotencyRetention().toMillis());
            arguments.add(number).add(entries.size());
            entries.stream()
                    .map(entry -> entry.memory().kind().modality())
                    .distinct()
                    .forEach(modality -> prepare(about, modality, fields));
            for (int i = 0; i < entries.size(); i++) {
                add(entries.get(i), contents.get(i), about, arguments);
            }
            try {
                return space.run(Script.APPEND, arguments);
            } catch (Refused e) {
                if (e.code() == Refused.Code.CONFLICT) {
                    throw new Conflict("Idempotency-Key", String.valueOf(e.getMessage()));
                }
                throw e;
            }
        });
    }

    private void add(Entry entry, SearchableContent content, About about, Arguments arguments) {
        Memory memory = entry.memory();
        arguments
                .add(memory.id())
                .add(memory.agent())
                .add(memory.kind().jsonName())
                .add(memory.tier().name())
                .add(memory.time().toEpochMilli())
                .add(memory.recalls());
        arguments.add(
                memory.lastRecalled() == null
                        ? ""
                        : Long.toString(memory.lastRecalled().toEpochMilli()));
        addVectors(entry.vectors(), about, arguments);
        addFields(memory, content, arguments);
    }

    /** Makes sure that the indexes of a modality can take up what is about to be written. */
    void prepare(About about, Modality modality, Set<Integer> fields) {
        about.fields().forEach((version, field) -> {
            if (version.modality() == modality) {
                indexes.prepare(version, field, fields);
            }
        });
    }

    /** The vectors of versions in use, by their fields. */
    static void addVectors(Map<EmbeddingVersion, float[]> vectors, About about, Arguments arguments) {
        Map<Integer, float[]> known = new LinkedHashMap<>();
        vectors.forEach((version, vector) -> {
            Integer field = about.fields().get(version);
            if (field != null) {
                known.put(field, vector);
            }
        });
        arguments.add(known.size());
        known.forEach((field, vector) -> arguments.add(field).add(Blobs.write(vector, about.vectors())));
    }

    /** The fields of a memory but its vectors. */
    void addFields(Memory memory, SearchableContent content, Arguments arguments) {
        Map<String, byte[]> fields = MemoryHash.write(memory);
        Map<String, String> searchable = content.fields(numbers::given);
        arguments.add(fields.size() + searchable.size());
        fields.forEach((name, value) -> arguments.add(name).add(value));
        searchable.forEach((name, value) -> arguments.add(name).add(value));
    }

    /**
     * Does something by the versions as they are known, and once more by those that there are now if a script finds that
     * another replica has changed them.
     *
     * @throws Unavailable if the memories have no vector of the version that is active now
     */
    Response withVersions(Function<About, Response> action) {
        try {
            return action.apply(space.known());
        } catch (Refused e) {
            if (e.code() != Refused.Code.VERSION) {
                throw e;
            }
        }
        try {
            return action.apply(space.refreshed());
        } catch (Refused e) {
            if (e.code() != Refused.Code.VERSION) {
                throw e;
            }
            throw new Unavailable(
                    "memory '" + e.getMessage() + "' has no vector of the encoder version that became the active one"
                            + " while it was encoded",
                    Duration.ofMillis(50),
                    e);
        }
    }
}
