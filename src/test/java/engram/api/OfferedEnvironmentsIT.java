package engram.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** {@link OfferedEnvironmentsTest} against the packaged application. */
@QuarkusIntegrationTest
class OfferedEnvironmentsIT extends OfferedEnvironmentsTest {}
