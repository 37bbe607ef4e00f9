package engram.memory.embedded;

import engram.memory.space.SpaceSettings;
import engram.memory.space.SpacesContract;
import java.nio.file.Path;

class EmbeddedSpacesTest extends SpacesContract {
    @Override
    protected OpenMemory openMemory(Path directory, SpaceSettings defaults) {
        return OpenEmbeddedMemory.open(directory, defaults);
    }
}
