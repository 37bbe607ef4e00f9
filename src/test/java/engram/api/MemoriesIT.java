package engram.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** {@link MemoriesTest} against the packaged application. */
@QuarkusIntegrationTest
class MemoriesIT extends MemoriesTest {}
