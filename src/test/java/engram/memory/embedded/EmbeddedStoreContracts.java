package engram.memory.embedded;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** How the contract tests open the embedded store: with an overlay and graphs so small that everything is used. */
final class EmbeddedStoreContracts {
    private EmbeddedStoreContracts() {}

    static EmbeddedSettings settings() {
        EmbeddedSettings defaults = EmbeddedSettings.defaults();
        return new EmbeddedSettings(
                defaults.record(),
                defaults.index().withOverlay(16, 4_096, Duration.ofMillis(20)).withGraph(16, 100, 100, 32));
    }

    static EmbeddedMemoryStores open(Path directory) {
        return new EmbeddedMemoryStores(directory, settings(), Clock.systemUTC());
    }
}
