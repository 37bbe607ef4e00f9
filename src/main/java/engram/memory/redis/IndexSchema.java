package engram.memory.redis;

import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.Tier;
import io.vertx.redis.client.Request;
import java.util.Collection;
import java.util.Locale;

/** The fields of a memory's hash that indexes look at, and the index over them. */
final class IndexSchema {
    static final String PLACE = "place";
    static final String TOKENS = "tokens";
    static final String TIME = "time";
    static final String STEP = "step";

    /** The largest instant that Redis' sorted sets and indexes keep exactly, in epoch milliseconds. */
    static final long LAST_TIME = SearchableContent.EXACT;

    private IndexSchema() {}

    /** The field of a version's vector. */
    static String vector(int field) {
        return "v" + field;
    }

    /** The field of the number at a place. */
    static String number(int field) {
        return "n" + field;
    }

    /** By which an index tells its memories: each has those of one tier and modality. */
    static String place(Tier tier, Modality modality) {
        return tier.name().toLowerCase(Locale.ROOT) + ":" + About.name(modality);
    }

    static String place(Memory memory) {
        return place(memory.tier(), memory.kind().modality());
    }

    /** Adds a number's field to an index. What is in the index already is not looked at again. */
    static Request addNumber(String index, int field) {
        return Commands.request("FT.ALTER", index, "SKIPINITIALSCAN", "SCHEMA", "ADD", number(field), "NUMERIC");
    }

    /**
     * Creates an index.
     *
     * @param scan whether it takes up the memories that are there already
     * @param numbers the fields of numbers
     */
    static Request create(
            String index,
            Keys keys,
            Tier tier,
            Modality modality,
            int field,
            RedisSettings.VectorType type,
            RedisSettings.IndexSettings settings,
            boolean scan,
            Collection<Integer> numbers) {
        Request create = Commands.request("FT.CREATE", index, "ON", "HASH", "PREFIX", 1, keys.memories());
        create.arg("FILTER").arg("@" + PLACE + "=='" + place(tier, modality) + "'");
        if (!scan) {
            create.arg("SKIPINITIALSCAN");
        }
        create.arg("SCHEMA");
        create.arg(TOKENS).arg("TAG").arg("SEPARATOR").arg(",").arg("CASESENSITIVE");
        create.arg(TIME).arg("NUMERIC").arg(STEP).arg("NUMERIC");
        create.arg(vector(field)).arg("VECTOR").arg("HNSW").arg(12);
        create.arg("TYPE").arg(type.name());
        create.arg("DIM").arg(tier.resolution().dimensions());
        create.arg("DISTANCE_METRIC").arg("L2");
        create.arg("M").arg(settings.connections());
        create.arg("EF_CONSTRUCTION").arg(settings.beamWidth());
        create.arg("EF_RUNTIME").arg(settings.searchBreadth());
        numbers.forEach(number -> create.arg(number(number)).arg("NUMERIC"));
        return create;
    }
}
