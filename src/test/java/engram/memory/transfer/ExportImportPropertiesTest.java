package engram.memory.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.Append;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Filter;
import engram.memory.InMemoryStore;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.Tier;
import engram.run.Progress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ExportImportPropertiesTest {
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final List<Tier> TIERS = List.of(Tier.values());

    @Property(tries = 100)
    void whatIsExportedImportedAndExportedAgainIsTheSame(
            @ForAll long seed,
            @ForAll @IntRange(max = 30) int size,
            @ForAll @Size(max = 3) List<String> names,
            @ForAll boolean withVectors,
            @ForAll @IntRange(min = 1, max = 40) int batch) {
        InMemoryStore first = new InMemoryStore(() -> Memories.NOON);
        Random random = new Random(seed);
        for (int i = 0; i < size; i++) {
            Memory memory = any(random, i, names);
            first.append(new Append(List.of(new Entry(memory, vector(random, memory))), Optional.empty()));
        }
        byte[] exported = export(first, withVectors);

        InMemoryStore second = new InMemoryStore(() -> Memories.NOON);
        ImportReport report = new MemoryImport(Transfers.into(second), batch, MemoryReader.LONGEST_ITEM)
                .run(new ByteArrayInputStream(exported), Progress.unobserved());
        assertThat(report)
                .isEqualTo(new ImportReport(size, size, 0, 0, List.of(), MemoryReader.Checksum.OK, List.of()));
        assertThat(memories(second)).isEqualTo(memories(first));
        if (withVectors) {
            assertThat(new String(export(second, true), StandardCharsets.UTF_8))
                    .isEqualTo(new String(exported, StandardCharsets.UTF_8));
        } else {
            assertThat(export(second, false)).isEqualTo(exported);
        }

        ImportReport again = new MemoryImport(Transfers.into(second), batch, MemoryReader.LONGEST_ITEM)
                .run(new ByteArrayInputStream(exported), Progress.unobserved());
        assertThat(again.duplicates()).isEqualTo(size);
        assertThat(again.imported()).isZero();
    }

    private static byte[] export(InMemoryStore store, boolean withVectors) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MemoryExport(store, withVectors)
                .run(
                        new Header("world", null, new TreeMap<>(Map.of("state", "0"))),
                        Filter.ALL,
                        out,
                        Progress.unobserved());
        return out.toByteArray();
    }

    private static List<Memory> memories(InMemoryStore store) {
        return store.scan(new Scan(Filter.ALL, false, null, 1_000)).memories().stream()
                .map(Transfers::numbered)
                .toList();
    }

    private static Memory any(Random random, int i, List<String> names) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        names.forEach(name -> state.put(name, random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20)));
        state.put("count", random.nextLong());
        state.putArray("values")
                .add(random.nextInt())
                .add(1.0f)
                .addNull()
                .add(true)
                .add("\u2028\n\"");
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.set("state", state);
        Memories memory = Memories.memory("m" + i + (names.isEmpty() ? "" : names.getFirst()))
                .agent("a" + random.nextInt(3))
                .kind(KINDS.get(random.nextInt(KINDS.size())))
                .tier(TIERS.get(random.nextInt(TIERS.size())))
                .at(Memories.NOON.plusMillis(random.nextInt()))
                .created(Memories.NOON.plusMillis(random.nextInt()))
                .payload(JsonObject.of(payload))
                .surprise(random.nextDouble())
                .recalls(random.nextInt(5))
                .count(1 + random.nextInt(3));
        if (random.nextBoolean()) {
            memory.step(random.nextLong() >>> 1).reward(random.nextGaussian()).importance(random.nextDouble());
        }
        if (random.nextBoolean()) {
            memory.pinned()
                    .reduced(true)
                    .lastRecalled(Memories.NOON)
                    .derivedFrom("x", "y")
                    .tags("{'a':1,'b':'c'}");
        }
        return memory.build();
    }

    private static Map<EmbeddingVersion, float[]> vector(Random random, Memory memory) {
        float[] vector = new float[memory.tier().resolution().dimensions()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return Map.of(new EmbeddingVersion(memory.kind().modality(), 0), vector);
    }
}
