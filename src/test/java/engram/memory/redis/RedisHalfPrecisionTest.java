package engram.memory.redis;

import engram.memory.MemorySearchContract;
import engram.memory.MemoryStores;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Vectors of half precision find the same. */
class RedisHalfPrecisionTest extends MemorySearchContract {
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
        RedisSettings settings = TestRedis.settings();
        return redis.stores(clock, settings.withIndex(settings.index().withVectors(RedisSettings.VectorType.FLOAT16)));
    }
}
