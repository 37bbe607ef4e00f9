package engram.memory.embedded;

import engram.memory.MemorySearchContract;
import engram.memory.MemoryStores;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMemorySearchTest extends MemorySearchContract {
    @TempDir
    Path directory;

    @Override
    protected MemoryStores openStores(Clock clock) {
        return new EmbeddedMemoryStores(directory, EmbeddedStoreContracts.settings(), clock);
    }
}
