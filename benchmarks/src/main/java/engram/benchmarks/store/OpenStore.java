package engram.benchmarks.store;

import engram.memory.EmbeddingVersion;
import engram.memory.JsonObject;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import engram.memory.Modality;
import engram.memory.embedded.EmbeddedMemoryStores;
import engram.memory.embedded.EmbeddedSettings;
import engram.memory.embedded.EmbeddedSettings.IndexSettings;
import engram.memory.redis.RedisMemoryStores;
import engram.memory.redis.RedisSettings;
import io.vertx.core.Vertx;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.OptionalLong;

/** The store of one space, in a directory or in a Redis, and what has to be closed with it. */
public final class OpenStore implements AutoCloseable {
    /** The version under which vectors of states are kept before anything is trained. */
    public static final EmbeddingVersion VERSION = new EmbeddingVersion(Modality.STATE, 0);

    private static final String SPACE = "benchmark";

    private final MemoryStores stores;
    private final Runnable closing;
    private final MemoryStore store;

    private OpenStore(MemoryStores stores, Runnable closing) {
        this.stores = stores;
        this.closing = closing;
        if (stores.settings(SPACE).isEmpty()) {
            stores.putSettings(SPACE, JsonObject.EMPTY, OptionalLong.empty());
        }
        this.store = stores.open(SPACE);
    }

    /**
     * Opens what a place names: a Redis where it begins with {@code redis://}, else a directory.
     *
     * @param searchBreadth how many candidates a search keeps, 0 for the default
     */
    public static OpenStore at(String place, int searchBreadth) {
        return place.startsWith("redis://") ? redis(place, searchBreadth) : embedded(Path.of(place), searchBreadth);
    }

    private static OpenStore embedded(Path directory, int searchBreadth) {
        EmbeddedSettings settings = EmbeddedSettings.defaults();
        if (searchBreadth > 0) {
            IndexSettings index = settings.index();
            settings = new EmbeddedSettings(
                    settings.record(),
                    index.withGraph(index.connections(), index.beamWidth(), searchBreadth, index.graphThreshold()));
        }
        return new OpenStore(new EmbeddedMemoryStores(directory, settings, Clock.systemUTC()), () -> {});
    }

    private static OpenStore redis(String address, int searchBreadth) {
        RedisSettings settings = RedisSettings.defaults();
        if (searchBreadth > 0) {
            RedisSettings.IndexSettings index = settings.index();
            settings = settings.withIndex(new RedisSettings.IndexSettings(
                    index.vectors(),
                    index.connections(),
                    index.beamWidth(),
                    searchBreadth,
                    index.readyWait(),
                    index.payloadPaths()));
        }
        Vertx vertx = Vertx.vertx();
        Redis client = Redis.createClient(
                vertx,
                new RedisOptions().setConnectionString(address).setPreferredProtocolVersion(ProtocolVersion.RESP2));
        return new OpenStore(new RedisMemoryStores(client, settings, Clock.systemUTC()), () -> {
            client.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        });
    }

    /** The store; closed with this. */
    public MemoryStore store() {
        return store;
    }

    @Override
    public void close() {
        stores.close();
        closing.run();
    }
}
