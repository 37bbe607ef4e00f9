package engram.memory.redis;

import engram.memory.MemorySearchContract;
import engram.memory.MemoryStores;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisMemorySearchTest extends MemorySearchContract {
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
