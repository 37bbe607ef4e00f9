package engram.memory.embedded;

import engram.memory.Append;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Kind;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Tier;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the record that {@link OldFormatTest} reads for the present format: run it once for each new format, with the
 * file to write as its argument, and commit the file.
 */
final class FormatFixture {
    static final int MEMORIES = 15;

    private FormatFixture() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("engram-fixture");
        try (EmbeddedMemoryStores stores = EmbeddedStoreContracts.open(directory.resolve("data"))) {
            stores.putSettings("old", Memories.json("{'made':'once'}"), OptionalLong.empty());
            MemoryStore store = stores.open("old");
            for (int i = 0; i < MEMORIES; i++) {
                store.append(new Append(List.of(entry(i)), Optional.empty()));
            }
        }
        new EmbeddedMaintenance(directory.resolve("data"), Clock.systemUTC()).backup(directory.resolve("backup"));
        try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[0])))) {
            Files.copy(directory.resolve("backup/spaces/old/memory.db"), packed);
        }
    }

    /** Every kind in every tier, with every optional component there and absent. */
    static Entry entry(int i) {
        List<Kind> kinds = List.of(Kind.values());
        List<Tier> tiers = List.of(Tier.values());
        Kind kind = kinds.get(i % kinds.size());
        Tier tier = tiers.get(i / kinds.size());
        Memories memory = Memories.memory("m" + i)
                .agent("agent " + i % 2)
                .kind(kind)
                .tier(tier)
                .at(Memories.NOON.plusSeconds(i))
                .created(Memories.NOON.plusSeconds(100 + i))
                .payload("{'state':{'x':" + i + ",'name':'ü'}}")
                .tags("{'n':" + i + "}")
                .reduced(i % 3 == 0)
                .surprise(0.25)
                .count(1 + i % 2);
        if (i % 2 == 0) {
            memory.step(i).reward(0 - 0.5 * i).importance(0.125).pinned();
            memory.recalls(i).lastRecalled(Memories.NOON).derivedFrom("a", "b\n");
        }
        Memory built = memory.build();
        float[] vector = EmbeddedStoreContracts.vector(built.id());
        return new Entry(
                built,
                Map.of(
                        new EmbeddingVersion(kind.modality(), 0),
                        Arrays.copyOf(vector, tier.resolution().dimensions())));
    }
}
