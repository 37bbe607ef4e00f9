package engram.memory.embedded;

import engram.memory.space.SpaceSettings;
import engram.replay.SharedReplayContract;
import java.nio.file.Path;

class EmbeddedSharedReplayTest extends SharedReplayContract {
    @Override
    protected OpenMemory openMemory(Path directory, SpaceSettings defaults) {
        return OpenEmbeddedMemory.open(directory, defaults);
    }
}
