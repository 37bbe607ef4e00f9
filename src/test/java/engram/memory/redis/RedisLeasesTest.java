package engram.memory.redis;

import engram.memory.Leases;
import engram.memory.LeasesContract;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class RedisLeasesTest extends LeasesContract {
    private static TestRedis redis;

    private final List<RedisMemoryStores> replicas = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    @Override
    protected Leases openLeases() {
        RedisMemoryStores stores = redis.stores(Clock.systemUTC());
        replicas.add(stores);
        return stores.leases();
    }

    @AfterEach
    void close() {
        replicas.forEach(RedisMemoryStores::close);
    }
}
