package engram.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** {@link EnvironmentInstancesTest} against the packaged application. */
@QuarkusIntegrationTest
class EnvironmentInstancesIT extends EnvironmentInstancesTest {}
