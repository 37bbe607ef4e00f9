package engram.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** {@link SpacesTest} against the packaged application. */
@QuarkusIntegrationTest
class SpacesIT extends SpacesTest {}
