package engram.service;

import engram.error.InvalidInput;
import engram.memory.Documents;
import engram.memory.MemoryStores;
import engram.memory.embedded.EmbeddedMemoryStores;
import engram.memory.embedded.FileDocuments;
import engram.memory.redis.RedisMemoryStores;
import engram.memory.redis.RedisSettings;
import engram.memory.space.Replicas;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where memories and what goes with them are kept.
 *
 * @param stores the memories
 * @param isOutside whether they are outside this process, which can lose touch with them
 * @param documents what replicas share beside memories
 * @param replicas how spaces live with other processes that have the same memory
 * @param documentCopies copies of such things on this machine; empty where they are here anyway
 * @param directory where spaces keep their files on this machine
 * @param tidyUp finishes what was broken off when a service ended
 * @param problems tells what an operator should know of the store
 */
record StoreChoice(
        MemoryStores stores,
        boolean isOutside,
        Documents documents,
        Replicas replicas,
        Optional<Documents> documentCopies,
        Path directory,
        Runnable tidyUp,
        Supplier<List<String>> problems) {
    /**
     * What a setting names.
     *
     * @param home the data directory of this process, which it has to itself whichever store is chosen
     * @param redis opens the store in Redis
     * @throws InvalidInput if there is no such store
     */
    static StoreChoice of(
            ServiceSettings settings,
            EmbeddedMemoryStores home,
            Path directory,
            Function<RedisSettings, RedisMemoryStores> redis) {
        Documents files = new FileDocuments(directory.resolve("documents"));
        return switch (settings.store()) {
            case "embedded" ->
                new StoreChoice(home, false, files, Replicas.alone(), Optional.empty(), directory, () -> {}, List::of);
            case "redis" -> {
                RedisMemoryStores stores = redis.apply(RedisStoreSettings.of(settings));
                yield new StoreChoice(
                        stores,
                        true,
                        stores.documents(),
                        Replicas.sharing(stores.leases(), stores.documents()),
                        Optional.of(files),
                        directory.resolve("replica"),
                        stores::finishRemovals,
                        stores::problems);
            }
            default -> throw unknown(settings.store());
        };
    }

    /** Refuses a store that there is not. */
    static void requireKnown(String store) {
        if (!store.equals("embedded") && !store.equals("redis")) {
            throw unknown(store);
        }
    }

    private static InvalidInput unknown(String store) {
        return new InvalidInput("engram.store", "must be embedded or redis, not '" + store + "'");
    }
}
