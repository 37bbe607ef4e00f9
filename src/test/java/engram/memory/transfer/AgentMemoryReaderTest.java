package engram.memory.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engram.memory.Filter;
import engram.memory.InMemoryStore;
import engram.memory.Kind;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.Tier;
import engram.run.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentMemoryReaderTest {
    private static final String ACTION = """
            {"memory_id":"action_a_0","agent_id":"a","step_number":0,"timestamp":1748047718.25,"type":"action",
             "content":{"type":"action","step_number":0,"agent_id":"a","action_type":"gather",
              "action_params":{"amount":2},"action_target_id":null,"outcome":{"found":true},"reward":1.5},
             "metadata":{"creation_time":1748047719,"last_access_time":1748047720,"compression_level":2,
              "importance_score":0.75,"retrieval_count":3,"memory_type":"action","current_tier":"im"},
             "tags":["food","north"],"embeddings":{"compressed_vector":[0.1,0.2]}}""";

    private final InMemoryStore store = new InMemoryStore(() -> Memories.NOON);

    @Test
    void mapsEveryFieldThatHasAPlace() {
        ImportReport report =
                run("{\"config\":{\"a\":[{}]},\"agents\":{\"a\":{\"agent_id\":\"a\",\"memories\":[" + ACTION + "]}}}");
        assertThat(report.imported()).isEqualTo(1);
        assertThat(report.checksum()).isEqualTo(MemoryReader.Checksum.NONE);
        assertThat(report.notes()).singleElement().asString().contains("vectors of 1 memories");
        assertThat(Transfers.numbered(imported().getFirst()))
                .isEqualTo(Transfers.numbered(Memories.memory("action_a_0")
                        .agent("a")
                        .kind(Kind.ACTION)
                        .step(0)
                        .at(Instant.parse("2025-05-24T00:48:38.250Z"))
                        .tier(Tier.IM)
                        .payload("""
                                {'action':{'action_type':'gather','action_params':{'amount':2},'action_target_id':null,
                                 'outcome':{'found':true},'reward':1.5}}
                                """)
                        .tags("{'food':true,'north':true}")
                        .reward(1.5)
                        .importance(0.75)
                        .recalls(3)
                        .lastRecalled(Instant.ofEpochSecond(1748047720))
                        .created(Instant.ofEpochSecond(1748047719))
                        .build()));
    }

    @Test
    void readsSeveralAgentsAndPassesOverWhatItDoesNotKnow() {
        String state = ACTION.replace("\"type\":\"action\"", "\"type\":\"state\"");
        ImportReport report =
                run("{\"agents\":{\"a\":{\"more\":{\"memories\":[1]},\"memories\":[" + state + "],\"x\":[[1],{}]},"
                        + "\"none\":null,\"b\":{\"memories\":["
                        + state.replace("\"agent_id\":\"a\",", "").replace("_0\"", "_1\"")
                        + "]},\"c\":{\"memories\":[]}},\"memories\":[7],\"config\":{\"memories\":[8]}}");
        assertThat(report.read()).isEqualTo(2);
        assertThat(imported().stream().map(Memory::agent)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"step_number\":0,\"timestamp\" | \"step_number\":\"eight\",\"timestamp\" | step_number",
                "\"memory_id\":\"action_a_0\" | \"memory_id\":null | memory_id",
                "18.25,\"type\":\"action\" | 18.25,\"type\":\"dream\" | type",
                "1748047718.25 | \"yesterday\" | timestamp",
                "1748047718.25 | 1e300 | timestamp",
                "\"importance_score\":0.75 | \"importance_score\":7 | metadata.importance_score",
                "\"retrieval_count\":3 | \"retrieval_count\":-3 | metadata.retrieval_count",
                "\"current_tier\":\"im\" | \"current_tier\":\"medium\" | metadata.current_tier",
                "\"reward\":1.5 | \"reward\":\"much\" | content.reward",
                "[\"food\",\"north\"] | [\"food\",7] | tags[1]",
            })
    void aBadItemIsNamedAndTheOthersAreImported(String good, String bad, String field) {
        String broken = ACTION.replace(good, bad);
        assertThat(broken).isNotEqualTo(ACTION);
        ImportReport report = run("{\"agents\":{\"a\":{\"memories\":[" + broken + "," + ACTION + ",17]}}}");
        assertThat(report.imported()).isEqualTo(1);
        assertThat(report.failures()).hasSize(2);
        assertThat(report.failures().getFirst().index()).isZero();
        assertThat(report.failures().getFirst().field()).isEqualTo(field);
        assertThat(report.failures().getLast().index()).isEqualTo(2);
    }

    @Test
    void aFileThatBreaksOffKeepsWhatCameBefore() {
        ImportReport report = run("{\"agents\":{\"a\":{\"memories\":[" + ACTION + ",{\"memory_id\":");
        assertThat(report.imported()).isEqualTo(1);
        assertThat(report.failures()).singleElement().satisfies(failure -> assertThat(failure.message())
                .contains("reading ended here"));
    }

    @Test
    void readsTheSamples() throws IOException {
        ImportReport good = run(Files.newInputStream(Path.of("samples/agentmemory.json")));
        assertThat(good.imported()).isEqualTo(12);
        assertThat(good.failed()).isZero();
        ImportReport broken = run(Files.newInputStream(Path.of("samples/agentmemory-broken.json")));
        assertThat(broken.imported()).isEqualTo(1);
        assertThat(broken.failures().stream().map(failure -> failure.index() + " " + failure.field()))
                .containsExactly("1 step_number", "2 content");
    }

    @Test
    void readsARealExport() throws IOException {
        Path file = Path.of("../shared/data/agent_farm_memories.json");
        assumeTrue(Files.exists(file), "the real export stands beside the checkout");
        ImportReport report = run(Files.newInputStream(file));
        assertThat(report.imported()).isEqualTo(37);
        assertThat(report.failed()).isZero();
        assertThat(imported()).allSatisfy(memory -> assertThat(memory.tier()).isEqualTo(Tier.LTM));
        assertThat(imported().stream().filter(memory -> memory.kind() == Kind.ACTION))
                .hasSize(17);
    }

    private ImportReport run(String text) {
        return run(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private ImportReport run(InputStream in) {
        return new MemoryImport(Transfers.into(store), 5, MemoryReader.LONGEST_ITEM).run(in, Progress.unobserved());
    }

    private List<Memory> imported() {
        return store.scan(new Scan(Filter.ALL, false, null, 1_000)).memories();
    }
}
