package engram.memory;

import java.time.Clock;

class InMemorySearchTest extends MemorySearchContract {
    @Override
    protected MemoryStores openStores(Clock clock) {
        return new InMemoryStores(clock);
    }
}
