package engram.memory.embedded;

import engram.memory.space.SpaceSettings;
import engram.memory.space.Spaces;
import engram.memory.space.SpacesFixture;
import engram.run.Runs;
import java.nio.file.Path;
import java.time.Clock;

/** The spaces of a data directory. */
record OpenEmbeddedMemory(EmbeddedSpaces memory) implements SpacesFixture.OpenMemory {
    static OpenEmbeddedMemory open(Path directory, SpaceSettings defaults) {
        return new OpenEmbeddedMemory(
                EmbeddedSpaces.open(directory, EmbeddedSettings.defaults(), defaults, Clock.systemUTC()));
    }

    @Override
    public Spaces spaces() {
        return memory.spaces();
    }

    @Override
    public Runs runs() {
        return memory.runs();
    }

    @Override
    public void close() {
        memory.close();
    }
}
