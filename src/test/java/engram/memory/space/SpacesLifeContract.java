package engram.memory.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.Filter;
import engram.memory.Modality;
import engram.memory.Tier;
import engram.memory.transfer.ImportReport;
import engram.run.Progress;
import engram.run.Run;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What happens to spaces over time, whatever store they are over. */
public abstract class SpacesLifeContract extends SpacesFixture {
    @Test
    void trainsAnEncoderAndSwitchesWhileRecallKeepsAnswering() throws Exception {
        Space space = create("trained", unlimited());
        List<String> first = remember(space, states(300, 5));
        demote(space);
        demote(space);
        remember(space, states(500, 6));
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> recalling = CompletableFuture.supplyAsync(() -> {
            int answers = 0;
            for (int i = 0; !done.get(); i++) {
                Recalled recalled =
                        space.recall(Recall.of(new Query.OfState(states(500, 6).get(i % 500)), 3));
                assertThat(recalled.matches().getFirst().similarity()).isCloseTo(1, within(1e-3));
                answers++;
            }
            return answers;
        });

        Run run = finished(space.encoders().train(MAPPER.readTree("{\"activation\":\"always\"}")));
        List<String> later = remember(space, states(20, 7));
        done.set(true);

        assertThat(run.status()).as("%s", run.problem()).isEqualTo(Run.Status.SUCCEEDED);
        assertThat(recalling.get()).isPositive();
        assertThat(space.activeEncoder(Modality.STATE).number()).isEqualTo(1);
        assertThat(space.recall(Recall.of(new Query.LikeMemory(later.getFirst()), 3))
                        .matches())
                .hasSize(3);
        assertThat(space.get(first.getFirst()).tier()).isEqualTo(Tier.LTM);
        assertThat(space.state(first.getFirst()).reconstructed()).isTrue();
        JsonNode narrow =
                Optional.ofNullable(run.result()).orElseThrow().path("quality").path("32");
        assertThat(narrow.path("keptNeighbours").doubleValue())
                .isGreaterThanOrEqualTo(narrow.path("principalKeptNeighbours").doubleValue());

        Run back = finished(space.encoders().activate(0));
        assertThat(back.status()).as("%s", back.problem()).isEqualTo(Run.Status.SUCCEEDED);
        assertThat(space.activeEncoder(Modality.STATE).number()).isEqualTo(0);
    }

    @Test
    void keepsEverythingAcrossARestart() throws Exception {
        Space space = create("restart", unlimited());
        List<JsonNode> states = states(120, 8);
        List<String> ids = remember(space, states);
        finished(space.encoders().train(MAPPER.readTree("{\"activation\":\"always\"}")));
        memory().close();
        open();

        Space again = memory().spaces().open("restart");

        assertThat(again.activeEncoder(Modality.STATE).number()).isEqualTo(1);
        assertThat(memory().spaces().problems()).isEmpty();
        for (int i = 0; i < states.size(); i++) {
            assertThat(state(again, ids.get(i))).isEqualTo(states.get(i));
            Recalled recalled = again.recall(Recall.of(new Query.OfState(states.get(i)), 1));
            assertThat(recalled.matches().getFirst().similarity()).isCloseTo(1, within(1e-3));
        }
    }

    @Test
    void movesMemoriesToAnotherSpaceWithoutLosingAnything() throws IOException {
        Space source = create("source", unlimited());
        List<JsonNode> states = states(40, 13);
        List<String> ids = remember(source, states);
        text(source, "A text travels as well.");
        demote(source);
        demote(source);
        List<String> fresh = remember(source, states(10, 14));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        long written = source.exportTo(file, Filter.ALL, true, Progress.unobserved());
        Space target = create("target", unlimited());

        ImportReport report =
                target.importFrom(new ByteArrayInputStream(file.toByteArray()), 1 << 20, Progress.unobserved());
        ImportReport again =
                target.importFrom(new ByteArrayInputStream(file.toByteArray()), 1 << 20, Progress.unobserved());

        assertThat(report.imported()).isEqualTo(written).isEqualTo(51);
        assertThat(again.imported()).isZero();
        assertThat(again.duplicates()).isEqualTo(51);
        assertThat(target.statistics().byTier()).isEqualTo(source.statistics().byTier());
        assertThat(state(target, ids.get(3))).isEqualTo(state(source, ids.get(3)));
        Query query = new Query.OfState(states.get(3));
        assertThat(scores(target, query)).isEqualTo(scores(source, query));
        assertThat(target.get(fresh.getFirst()).payload())
                .isEqualTo(source.get(fresh.getFirst()).payload());
    }

    @Test
    void movesATrainedEncoderWithItsMemories() throws IOException {
        Space source = create("moved", unlimited());
        List<JsonNode> states = states(120, 15);
        remember(source, states);
        finished(source.encoders().train(MAPPER.readTree("{\"activation\":\"always\"}")));
        demote(source);
        demote(source);
        remember(source, states(20, 16));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        source.exportTo(file, Filter.ALL, true, Progress.unobserved());
        Space target = create("arrived", unlimited());

        ImportReport report =
                target.importFrom(new ByteArrayInputStream(file.toByteArray()), 16 << 20, Progress.unobserved());

        assertThat(report.imported()).isEqualTo(140);
        assertThat(target.activeEncoder(Modality.STATE).number()).isEqualTo(1);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        target.exportTo(again, Filter.ALL, true, Progress.unobserved());
        assertThat(lines(again)).isEqualTo(lines(file));
        Query query = new Query.OfState(states.get(3));
        assertThat(scores(target, query)).isEqualTo(scores(source, query));
    }

    /** The memories of an export, without its first line, which names the space, and its last, which has the checksum. */
    private static List<String> lines(ByteArrayOutputStream export) {
        List<String> lines = export.toString(StandardCharsets.UTF_8).lines().toList();
        return lines.subList(1, lines.size() - 1);
    }

    @Test
    void importsAgentMemoryFilesItemByItem() throws IOException {
        Space space = create("foreign", "{}");
        try (InputStream file = Files.newInputStream(Path.of("samples/agentmemory-broken.json"))) {
            ImportReport report = space.importFrom(file, 1 << 20, Progress.unobserved());
            assertThat(report.failed()).isPositive();
            assertThat(report.imported())
                    .isPositive()
                    .isEqualTo(space.statistics().total());
        }
        Path recorded = Path.of("../shared/data/agent_farm_memories.json");
        assumeThat(recorded).exists();
        try (InputStream file = Files.newInputStream(recorded)) {
            ImportReport report = space.importFrom(file, 1 << 20, Progress.unobserved());
            assertThat(report.imported()).isEqualTo(37);
            assertThat(report.failed()).isZero();
        }
        Recalled recalled = space.recall(
                Recall.of(new Query.OfState(MAPPER.readTree("{\"position\":{\"x\":80.8,\"y\":97.5}}")), 3));
        assertThat(recalled.matches()).hasSize(3);
    }
}
