package engram.memory.redis;

import engram.memory.space.SpaceSettings;
import engram.replay.SharedReplayContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisSharedReplayTest extends SharedReplayContract {
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
    protected OpenMemory openMemory(Path directory, SpaceSettings defaults) {
        return OpenRedisMemory.open(redis, directory, defaults);
    }
}
