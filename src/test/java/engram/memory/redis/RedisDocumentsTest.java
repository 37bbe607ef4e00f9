package engram.memory.redis;

import engram.memory.Documents;
import engram.memory.DocumentsContract;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class RedisDocumentsTest extends DocumentsContract {
    private static TestRedis redis;

    @BeforeAll
    static void startRedis() throws Exception {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() throws Exception {
        redis.close();
    }

    @BeforeEach
    void empty() throws Exception {
        try (var connection = redis.server().connect()) {
            connection.command("FLUSHALL");
        }
    }

    @Override
    protected Documents openDocuments() {
        return redis.stores(Clock.systemUTC()).documents();
    }
}
