package engram.memory;

import java.time.Clock;

class InMemoryStoreTest extends MemoryStoreContract {
    @Override
    protected MemoryStores openStores(Clock clock) {
        return new InMemoryStores(clock);
    }
}
