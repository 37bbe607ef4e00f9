package engram.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** {@link RecallTest} against the packaged application. */
@QuarkusIntegrationTest
class RecallIT extends RecallTest {}
