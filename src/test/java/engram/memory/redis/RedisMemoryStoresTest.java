package engram.memory.redis;

import engram.memory.MemoryStores;
import engram.memory.MemoryStoresContract;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisMemoryStoresTest extends MemoryStoresContract {
    private static TestRedis redis;

    @BeforeAll
    static void startRedis() throws Exception {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() throws Exception {
        redis.close();
    }

    @Override
    protected MemoryStores openStores(Clock clock) {
        return redis.stores(clock);
    }
}
