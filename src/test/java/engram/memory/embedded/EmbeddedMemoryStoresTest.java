package engram.memory.embedded;

import engram.memory.MemoryStores;
import engram.memory.MemoryStoresContract;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMemoryStoresTest extends MemoryStoresContract {
    @TempDir
    Path directory;

    @Override
    protected MemoryStores openStores(Clock clock) {
        return new EmbeddedMemoryStores(directory, EmbeddedStoreContracts.settings(), clock);
    }
}
