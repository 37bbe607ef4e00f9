package engram.memory.embedded;

import engram.memory.MemoryStoreContract;
import engram.memory.MemoryStores;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMemoryStoreTest extends MemoryStoreContract {
    @TempDir
    Path directory;

    @Override
    protected MemoryStores openStores(Clock clock) {
        return new EmbeddedMemoryStores(directory, EmbeddedStoreContracts.settings(), clock);
    }
}
