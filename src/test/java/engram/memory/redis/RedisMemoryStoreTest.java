package engram.memory.redis;

import engram.memory.MemoryStoreContract;
import engram.memory.MemoryStores;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisMemoryStoreTest extends MemoryStoreContract {
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
