package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.memory.EmbeddingVersion;
import engram.memory.Filter;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Modality;
import engram.memory.Tier;
import engram.memory.space.NewMemory;
import engram.memory.space.Query;
import engram.memory.space.Ranking;
import engram.memory.space.Recall;
import engram.memory.space.Recalled;
import engram.memory.space.Remembered;
import engram.memory.space.Space;
import engram.memory.space.SpaceSettings;
import engram.memory.space.StateView;
import engram.memory.transfer.ImportReport;
import engram.run.Progress;
import engram.run.Run;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedSpacesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path directory;

    private @Nullable EmbeddedSpaces memory;

    @BeforeEach
    void open() {
        memory = EmbeddedSpaces.open(
                directory,
                EmbeddedSettings.defaults(),
                settings("{\"encoder\":{\"trainAfter\":0,\"training\":{\"epochs\":8}}}"),
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        memory().close();
    }

    @Test
    void findsAStateAmongOthersAndScoresItAsIdentical() {
        Space space = create("world", "{}");
        remember(space, states(200, 1));

        Recalled recalled =
                space.recall(Recall.of(new Query.OfState(states(200, 1).get(17)), 5));

        assertThat(recalled.matches()).hasSize(5);
        assertThat(recalled.matches().getFirst().similarity()).isCloseTo(1, within(1e-3));
        assertThat(state(space, recalled.matches().getFirst().memory().id()))
                .isEqualTo(states(200, 1).get(17));
        assertThat(recalled.encoder()).isEqualTo(new EmbeddingVersion(Modality.STATE, 0));
    }

    @Test
    void scoresOneStateAlikeInAllTiers() {
        Space space = create("tiers", unlimited());
        List<JsonNode> states = states(60, 2);
        List<String> demotedTwice = remember(space, states);
        demote(space);
        demote(space);
        List<String> demotedOnce = remember(space, states);
        // A policy that stops at IM for what was just written.
        space = replace(
                "tiers",
                "{\"tiers\":{\"stm\":{\"capacity\":0,\"timeToLive\":null},"
                        + "\"im\":{\"capacity\":null,\"timeToLive\":null},\"merge\":{\"enabled\":false}}}");
        space.consolidate(false, Progress.unobserved());
        List<String> fresh = remember(space, states);
        assertThat(space.get(demotedTwice.getFirst()).tier()).isEqualTo(Tier.LTM);
        assertThat(space.get(demotedOnce.getFirst()).tier()).isEqualTo(Tier.IM);
        assertThat(space.get(fresh.getFirst()).tier()).isEqualTo(Tier.STM);

        for (JsonNode query : states(20, 3)) {
            Recalled all = space.recall(Recall.of(new Query.OfState(query), 180));
            for (int i = 0; i < states.size(); i++) {
                double stm = score(all, fresh.get(i));
                assertThat(score(all, demotedOnce.get(i))).isCloseTo(stm, within(0.05));
                assertThat(score(all, demotedTwice.get(i))).isCloseTo(stm, within(0.05));
            }
        }
    }

    @Test
    void rebuildsAStateFromLongTermMemoryAndSaysSo() {
        Space space = create("ltm", unlimited());
        ObjectNode state = (ObjectNode) states(1, 4).getFirst();
        state.put("distance_to_base", 2.5);
        String id = remember(space, List.of(state)).getFirst();
        demote(space);
        demote(space);

        StateView view = space.state(id);

        assertThat(view.tier()).isEqualTo(Tier.LTM);
        assertThat(view.reconstructed()).isTrue();
        assertThat(view.state().get("health")).isEqualTo(state.get("health"));
        assertThat(view.state().get("status")).isEqualTo(state.get("status"));
        assertThat(view.state().has("distance_to_base")).isTrue();
        assertThat(view.state().has("perception")).isFalse();
    }

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
    void fallsBackToTheFormerEncoderWhenTheFileIsDamagedAndReportsIt() throws Exception {
        Space space = create("damaged", unlimited());
        List<JsonNode> states = states(120, 9);
        List<String> ids = remember(space, states);
        finished(space.encoders().train(MAPPER.readTree("{\"activation\":\"always\"}")));
        memory().close();
        flipAByte(directory.resolve("spaces/damaged/encoders/v1/weights.bin"));
        open();

        Space again = memory().spaces().open("damaged");

        assertThat(again.activeEncoder(Modality.STATE).number()).isEqualTo(0);
        assertThat(memory().spaces().problems()).anyMatch(problem -> problem.contains("weights.bin"));
        Recalled recalled = again.recall(Recall.of(new Query.OfState(states.get(5)), 1));
        assertThat(recalled.matches().getFirst().memory().id()).isEqualTo(ids.get(5));
        assertThat(again.encoders().list()).anyMatch(version -> version.version() == 1 && !version.intact());
    }

    @Test
    void remembersAndFindsTextsApartFromStates() {
        Space space = create("texts", "{}");
        remember(space, states(5, 10));
        String apples = text(space, "The harvest of apples was good this year.");
        text(space, "The rocket engine failed during the second burn.");

        Recalled recalled = space.recall(Recall.of(new Query.OfText("How many fruits did they pick?"), 2));

        assertThat(recalled.matches()).hasSize(2);
        assertThat(recalled.matches().getFirst().memory().id()).isEqualTo(apples);
        assertThat(recalled.encoder().modality()).isEqualTo(Modality.TEXT);
    }

    @Test
    void reportsEachUnsuitableMemoryOfABatchAndKeepsTheOthers() throws IOException {
        Space space = create("mixed", "{}");
        NewMemory good = newMemory(MAPPER.readTree("{\"health\":5}"));
        NewMemory bad = newMemory(MAPPER.readTree("{\"health\":\"high\"}"));

        Remembered remembered = space.remember(List.of(good, bad, good), Optional.empty());

        assertThat(remembered.outcomes().get(0)).isInstanceOf(Remembered.Stored.class);
        assertThat(remembered.outcomes().get(1))
                .isInstanceOfSatisfying(Remembered.Rejected.class, rejected -> assertThat(
                                rejected.problem().errors().getFirst().field())
                        .isEqualTo("state.health"));
        assertThat(remembered.outcomes().get(2)).isInstanceOf(Remembered.Stored.class);
        assertThat(space.statistics().total()).isEqualTo(2);
    }

    @Test
    void refusesAnotherSchemaOnceThereAreMemories() {
        Space space = create("fixed", "{}");
        remember(space, states(1, 11));
        SpaceSettings other = settings("{\"schema\":{\"observation\":{\"low\":[0],\"high\":[1]}}}");

        assertThatThrownBy(() -> memory().spaces().put("fixed", other, OptionalLong.empty()))
                .isInstanceOf(Conflict.class);
        assertThatThrownBy(() -> memory().spaces().put("Not a name", other, OptionalLong.empty()))
                .isInstanceOf(InvalidInput.class);
    }

    @Test
    void answersAVectorOnlyInTheTiersItReaches() {
        Space space = create("vectors", "{}");
        remember(space, states(3, 12));
        float[] narrow = new float[32];

        assertThat(space.recall(Recall.of(new Query.OfVector(narrow), 3)).matches())
                .isEmpty();
        assertThatThrownBy(() -> space.recall(new Recall(
                        new Query.OfVector(narrow),
                        3,
                        Set.of(Tier.STM),
                        Filter.ALL,
                        0,
                        Ranking.BY_SIMILARITY,
                        Set.of(),
                        false)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("tiers");
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

    private static List<Double> scores(Space space, Query query) {
        return space.recall(Recall.of(query, 20)).matches().stream()
                .map(Recalled.Match::similarity)
                .toList();
    }

    private EmbeddedSpaces memory() {
        if (memory == null) {
            throw new IllegalStateException("not open");
        }
        return memory;
    }

    private Space create(String name, String json) {
        return memory().spaces().put(name, settings(json), OptionalLong.empty()).space();
    }

    private Space replace(String name, String json) {
        return create(name, json);
    }

    private static SpaceSettings settings(String json) {
        try {
            SpaceSettings few = SpaceSettings.defaults()
                    .merge(MAPPER.readTree("{\"encoder\":{\"trainAfter\":0,\"training\":{\"epochs\":8}}}"));
            return few.merge(MAPPER.readTree(json));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String unlimited() {
        String none = "{\"capacity\":null,\"timeToLive\":null}";
        return "{\"tiers\":{\"stm\":" + none + ",\"im\":" + none + ",\"merge\":{\"enabled\":false}}}";
    }

    /** Moves every memory one tier down. */
    private void demote(Space space) {
        String full = "{\"capacity\":0,\"timeToLive\":null}";
        SpaceSettings before = space.settings();
        replace(space.name(), "{\"tiers\":{\"stm\":" + full + ",\"im\":" + full + ",\"merge\":{\"enabled\":false}}}");
        space.consolidate(false, Progress.unobserved());
        memory().spaces().put(space.name(), before, OptionalLong.empty());
    }

    private static List<String> remember(Space space, List<JsonNode> states) {
        return space
                .remember(states.stream().map(EmbeddedSpacesTest::newMemory).toList(), Optional.empty())
                .outcomes()
                .stream()
                .map(outcome -> ((Remembered.Stored) outcome).id())
                .toList();
    }

    private static NewMemory newMemory(JsonNode state) {
        ObjectNode payload = MAPPER.createObjectNode();
        payload.set("state", state);
        return new NewMemory(
                null, "ada", Kind.STATE, null, null, JsonObject.of(payload), JsonObject.EMPTY, null, false, null);
    }

    private static String text(Space space, String text) {
        JsonObject payload = JsonObject.of(MAPPER.createObjectNode().put("text", text));
        NewMemory memory =
                new NewMemory(null, "ada", Kind.TEXT, null, null, payload, JsonObject.EMPTY, null, false, null);
        return ((Remembered.Stored) space.remember(List.of(memory), Optional.empty())
                        .outcomes()
                        .getFirst())
                .id();
    }

    private static JsonNode state(Space space, String id) {
        return space.state(id).state();
    }

    private static double score(Recalled recalled, String id) {
        return recalled.matches().stream()
                .filter(match -> match.memory().id().equals(id))
                .findFirst()
                .orElseThrow()
                .similarity();
    }

    private Run finished(Run run) {
        Run now = run;
        while (!now.status().isFinal()) {
            Thread.onSpinWait();
            now = memory().runs().get(run.id());
        }
        return now;
    }

    private static List<JsonNode> states(int count, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> types = List.of("harvester", "explorer", "defender", "builder");
        List<String> statuses = List.of("idle", "active", "sleeping", "engaged");
        return Stream.generate(() -> {
                    double angle = random.nextDouble() * Math.PI;
                    ObjectNode state = MAPPER.createObjectNode();
                    state.put("health", (int) Math.round(50 + 50 * Math.sin(angle)));
                    state.put("energy", random.nextInt(101));
                    state.put("resources", (int) Math.round(1_000 * Math.abs(Math.cos(angle))));
                    state.put("x_position", random.nextDouble(-500, 500));
                    state.put("y_position", random.nextDouble(-500, 500));
                    state.put("agent_type", types.get(random.nextInt(4)));
                    state.put("status", statuses.get(random.nextInt(4)));
                    return (JsonNode) state;
                })
                .limit(count)
                .collect(ArrayList::new, List::add, List::addAll);
    }

    private static void flipAByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x10;
        Files.write(file, bytes);
    }
}
