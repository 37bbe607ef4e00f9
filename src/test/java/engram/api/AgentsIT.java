package engram.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.nio.file.Path;

/** {@link AgentsTest} against the packaged application. */
@QuarkusIntegrationTest
class AgentsIT extends AgentsTest {
    @Override
    Path data() {
        return Path.of(System.getProperty("engram.integration-data"));
    }
}
