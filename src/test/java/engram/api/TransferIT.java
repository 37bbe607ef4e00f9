package engram.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** {@link TransferTest} against the packaged application. */
@QuarkusIntegrationTest
class TransferIT extends TransferTest {}
