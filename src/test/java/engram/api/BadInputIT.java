package engram.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** {@link BadInputTest} against the packaged application. */
@QuarkusIntegrationTest
class BadInputIT extends BadInputTest {}
