package engram.memory.redis;

import io.vertx.redis.client.Response;
import java.util.HashSet;
import java.util.Set;

/**
 * What {@code FT.INFO} says of an index.
 *
 * @param numbers the number fields it has
 * @param complete whether it has taken up everything that was there when it was created
 * @param failures how many hashes it could not take up, such as those with a vector of the wrong length
 * @param bytes its size in memory
 */
record IndexInfo(Set<Integer> numbers, boolean complete, long failures, long bytes) {
    private static final double MEGABYTE = 1 << 20;

    static IndexInfo of(Response info) {
        Set<Integer> numbers = new HashSet<>();
        boolean complete = true;
        long failures = 0;
        double megabytes = 0;
        for (int i = 0; i + 1 < info.size(); i += 2) {
            String name = info.get(i).toString();
            Response value = info.get(i + 1);
            switch (name) {
                case "attributes" -> value.forEach(attribute -> addNumber(attribute, numbers));
                case "indexing" -> complete &= number(value) == 0;
                case "percent_indexed" -> complete &= number(value) >= 1;
                case "hash_indexing_failures" -> failures = (long) number(value);
                default -> {
                    if (name.endsWith("_sz_mb") || name.endsWith("_size_mb")) {
                        megabytes += number(value);
                    }
                }
            }
        }
        return new IndexInfo(Set.copyOf(numbers), complete, failures, (long) (megabytes * MEGABYTE));
    }

    private static void addNumber(Response attribute, Set<Integer> numbers) {
        String field = attribute.get(1).toString();
        if (field.matches("n[0-9]+")) {
            numbers.add(Integer.valueOf(field.substring(1)));
        }
    }

    private static double number(Response value) {
        double number = Double.parseDouble(value.toString());
        return Double.isFinite(number) ? number : 0;
    }
}
