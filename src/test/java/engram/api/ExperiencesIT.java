package engram.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** {@link ExperiencesTest} against the packaged application. */
@QuarkusIntegrationTest
class ExperiencesIT extends ExperiencesTest {}
