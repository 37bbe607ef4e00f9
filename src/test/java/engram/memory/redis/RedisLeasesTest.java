package engram.memory.redis;

import engram.memory.Leases;
import engram.memory.LeasesContract;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisLeasesTest extends LeasesContract {
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
    protected Leases openLeases() {
        return redis.stores(Clock.systemUTC()).leases();
    }
}
