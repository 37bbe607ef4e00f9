package engram.memory.redis;

import engram.encoder.MiniLmTextEncoder;
import engram.encoder.TextEncoder;
import engram.memory.space.Replicas;
import engram.memory.space.SpaceServices;
import engram.memory.space.SpaceSettings;
import engram.memory.space.Spaces;
import engram.memory.space.SpacesFixture;
import engram.memory.space.TimeOrderedIds;
import engram.run.RunSettings;
import engram.run.Runs;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/** The spaces of a Redis. */
record OpenRedisMemory(Spaces spaces, Runs runs) implements SpacesFixture.OpenMemory {
    private static final TextEncoder TEXT = new MiniLmTextEncoder();
    private static final TensorEngine TENSORS = new TensorEngine(TensorSettings.defaults());

    static OpenRedisMemory open(TestRedis redis, Path directory, SpaceSettings defaults) {
        Clock clock = Clock.systemUTC();
        RedisMemoryStores stores = redis.stores(clock, RedisSettings.defaults());
        Runs runs = new Runs(directory.resolve("runs"), RunSettings.defaults(), clock, () -> UUID.randomUUID()
                .toString());
        Spaces spaces = new Spaces(new SpaceServices(
                stores,
                Replicas.sharing(stores.leases(), stores.documents()),
                directory,
                TEXT,
                TENSORS,
                runs,
                clock,
                new TimeOrderedIds(clock, new SecureRandom()),
                defaults));
        return new OpenRedisMemory(spaces, runs);
    }

    @Override
    public void close() {
        runs.close();
        spaces.close();
    }
}
