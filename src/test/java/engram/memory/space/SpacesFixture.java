package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.run.Progress;
import engram.run.Run;
import engram.run.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Spaces over the store under test, and what tests of them share. */
public abstract class SpacesFixture {
    protected static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    protected Path directory;

    private @Nullable OpenMemory memory;

    /** Spaces that are open, and their long jobs. */
    public interface OpenMemory extends AutoCloseable {
        Spaces spaces();

        Runs runs();

        @Override
        void close();
    }

    /**
     * Opens the spaces under test: over the same data each time it is called within one test.
     *
     * @param directory for what is kept on this machine
     */
    protected abstract OpenMemory openMemory(Path directory, SpaceSettings defaults);

    @BeforeEach
    protected void open() {
        memory = openMemory(directory, settings("{\"encoder\":{\"trainAfter\":0,\"training\":{\"epochs\":8}}}"));
    }

    @AfterEach
    protected void close() {
        memory().spaces().names().forEach(memory().spaces()::delete);
        memory().close();
    }

    protected static List<Double> scores(Space space, Query query) {
        return space.recall(Recall.of(query, 20)).matches().stream()
                .map(Recalled.Match::similarity)
                .toList();
    }

    protected OpenMemory memory() {
        if (memory == null) {
            throw new IllegalStateException("not open");
        }
        return memory;
    }

    protected Space create(String name, String json) {
        return memory().spaces().put(name, settings(json), OptionalLong.empty()).space();
    }

    protected Space replace(String name, String json) {
        return create(name, json);
    }

    protected static SpaceSettings settings(String json) {
        try {
            SpaceSettings few = SpaceSettings.defaults()
                    .merge(MAPPER.readTree("{\"encoder\":{\"trainAfter\":0,\"training\":{\"epochs\":8}}}"));
            return few.merge(MAPPER.readTree(json));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    protected static String unlimited() {
        String none = "{\"capacity\":null,\"timeToLive\":null}";
        return "{\"tiers\":{\"stm\":" + none + ",\"im\":" + none + ",\"merge\":{\"enabled\":false}}}";
    }

    /** Moves every memory one tier down. */
    protected void demote(Space space) {
        String full = "{\"capacity\":0,\"timeToLive\":null}";
        SpaceSettings before = space.settings();
        replace(space.name(), "{\"tiers\":{\"stm\":" + full + ",\"im\":" + full + ",\"merge\":{\"enabled\":false}}}");
        space.consolidate(false, Progress.unobserved());
        memory().spaces().put(space.name(), before, OptionalLong.empty());
    }

    protected static List<String> remember(Space space, List<JsonNode> states) {
        return space
                .remember(states.stream().map(SpacesFixture::newMemory).toList(), Optional.empty())
                .outcomes()
                .stream()
                .map(outcome -> ((Remembered.Stored) outcome).id())
                .toList();
    }

    protected static NewMemory newMemory(JsonNode state) {
        ObjectNode payload = MAPPER.createObjectNode();
        payload.set("state", state);
        return new NewMemory(
                null, "ada", Kind.STATE, null, null, JsonObject.of(payload), JsonObject.EMPTY, null, false, null);
    }

    protected static String text(Space space, String text) {
        JsonObject payload = JsonObject.of(MAPPER.createObjectNode().put("text", text));
        NewMemory memory =
                new NewMemory(null, "ada", Kind.TEXT, null, null, payload, JsonObject.EMPTY, null, false, null);
        return ((Remembered.Stored) space.remember(List.of(memory), Optional.empty())
                        .outcomes()
                        .getFirst())
                .id();
    }

    protected static JsonNode state(Space space, String id) {
        return space.state(id).state();
    }

    protected static double score(Recalled recalled, String id) {
        return recalled.matches().stream()
                .filter(match -> match.memory().id().equals(id))
                .findFirst()
                .orElseThrow()
                .similarity();
    }

    protected Run finished(Run run) {
        Run now = run;
        while (!now.status().isFinal()) {
            Thread.onSpinWait();
            now = memory().runs().get(run.id());
        }
        return now;
    }

    protected static List<JsonNode> states(int count, int seed) {
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

    protected static void flipAByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x10;
        Files.write(file, bytes);
    }
}
