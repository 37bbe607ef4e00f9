package engram.memory.redis;

import engram.memory.EmbeddingVersion;
import engram.memory.Modality;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a space's hash of versions said when it was read.
 *
 * @param identity tells the space from an earlier or later one of the same name
 * @param vectors how vectors are kept
 * @param fields the vector field of each version in use
 * @param active the active version of each modality
 * @param indexed the fields that have indexes
 * @param dropping the fields that are out of use and not cleared away yet
 */
record About(
        String identity,
        RedisSettings.VectorType vectors,
        Map<EmbeddingVersion, Integer> fields,
        Map<Modality, EmbeddingVersion> active,
        Set<Integer> indexed,
        Set<Integer> dropping) {
    static About of(Map<String, String> hash) {
        Map<EmbeddingVersion, Integer> fields = new HashMap<>();
        Map<Modality, EmbeddingVersion> active = new HashMap<>();
        for (Modality modality : Modality.values()) {
            for (String state : new String[] {"active:", "filling:"}) {
                String number = hash.get(state + name(modality));
                if (number != null) {
                    EmbeddingVersion version = new EmbeddingVersion(modality, Integer.parseInt(number));
                    fields.put(version, Integer.valueOf(required(hash, "field:" + name(modality) + ":" + number)));
                    active.putIfAbsent(modality, version);
                }
            }
        }
        return new About(
                required(hash, "identity"),
                RedisSettings.VectorType.valueOf(required(hash, "vectors")),
                Map.copyOf(fields),
                Map.copyOf(active),
                numbers(hash, "indexed:"),
                numbers(hash, "dropping:"));
    }

    private static String required(Map<String, String> hash, String name) {
        return Objects.requireNonNull(hash.get(name), name);
    }

    private static Set<Integer> numbers(Map<String, String> hash, String prefix) {
        Set<Integer> numbers = new HashSet<>();
        hash.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> numbers.add(Integer.valueOf(name.substring(prefix.length()))));
        return Set.copyOf(numbers);
    }

    /** The name of a modality in keys and scripts. */
    static String name(Modality modality) {
        return modality.name().toLowerCase(Locale.ROOT);
    }

    EmbeddingVersion activeOf(Modality modality) {
        return Objects.requireNonNull(active.get(modality));
    }
}
