package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.encoder.MiniLmTextEncoder;
import engram.encoder.TextEncoder;
import engram.memory.InMemoryDocuments;
import engram.memory.InMemoryLeases;
import engram.memory.InMemoryStore;
import engram.memory.InMemoryStores;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import engram.run.Run;
import engram.run.RunSettings;
import engram.run.Runs;
import engram.tensor.TensorEngine;
import engram.tensor.TensorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Replicas in one process: the same stores, documents and leases, each with a directory of its own. */
abstract class ReplicasFixture {
    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TextEncoder TEXT = new MiniLmTextEncoder();
    private static final TensorEngine TENSORS = new TensorEngine(TensorSettings.defaults());

    @TempDir
    Path directory;

    final InMemoryStores stores = new InMemoryStores(Clock.systemUTC());
    final InMemoryDocuments documents = new InMemoryDocuments();
    final InMemoryLeases leases = new InMemoryLeases();
    private final List<Replica> replicas = new ArrayList<>();

    /** One replica. */
    record Replica(Spaces spaces, Runs runs, InMemoryLeases.Replica leases, Path directory) {
        Run finished(Run run) {
            await(() -> runs.get(run.id()).status().isFinal());
            return runs.get(run.id());
        }

        Path encoder(String space, int version) {
            return directory.resolve("spaces/" + space + "/encoders/v" + version);
        }
    }

    /** A replica that has read nothing yet. */
    Replica replica(String name) {
        Clock clock = Clock.systemUTC();
        Path home = directory.resolve(name);
        InMemoryLeases.Replica turns = leases.replica();
        Runs runs = new Runs(home.resolve("runs"), RunSettings.defaults(), clock, () -> UUID.randomUUID()
                .toString());
        Spaces spaces = new Spaces(new SpaceServices(
                new Shared(stores),
                Replicas.sharing(turns, documents),
                home,
                TEXT,
                TENSORS,
                runs,
                clock,
                new TimeOrderedIds(clock, new SecureRandom()),
                settings("{}")));
        Replica replica = new Replica(spaces, runs, turns, home);
        replicas.add(replica);
        return replica;
    }

    @AfterEach
    void close() {
        for (Replica replica : replicas) {
            replica.runs().close();
            replica.spaces().close();
        }
    }

    InMemoryStore store(String space) {
        return (InMemoryStore) stores.open(space);
    }

    static Space create(Replica replica, String name, String json) {
        return replica.spaces().put(name, settings(json), OptionalLong.empty()).space();
    }

    static SpaceSettings settings(String json) {
        try {
            return SpaceSettings.defaults()
                    .merge(MAPPER.readTree("{\"encoder\":{\"trainAfter\":0,\"training\":{\"epochs\":2}}}"))
                    .merge(MAPPER.readTree(json));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> remember(Space space, int count, int seed) {
        return space.remember(states(count, seed), Optional.empty()).outcomes().stream()
                .map(outcome -> ((Remembered.Stored) outcome).id())
                .toList();
    }

    static List<NewMemory> states(int count, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<NewMemory> memories = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ObjectNode payload = MAPPER.createObjectNode();
            payload.putObject("state")
                    .put("health", random.nextInt(101))
                    .put("energy", random.nextInt(101))
                    .put("resources", random.nextInt(1_001))
                    .put("x_position", random.nextDouble(-500, 500))
                    .put("y_position", random.nextDouble(-500, 500));
            memories.add(new NewMemory(
                    null, "ada", Kind.STATE, null, null, JsonObject.of(payload), JsonObject.EMPTY, null, false, null));
        }
        return memories;
    }

    static Query query(int seed) {
        return new Query.OfState(states(1, seed).getFirst().payload().tree().path("state"));
    }

    /** Trains an encoder of the space and changes to it. */
    static Run train(Replica replica, String space) {
        return replica.finished(replica.spaces().open(space).encoders().train(json("{\"activation\":\"always\"}")));
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within a minute");
            }
            Thread.onSpinWait();
        }
    }

    /** The stores as a replica has them: closing it does not take them from the others. */
    private record Shared(MemoryStores stores) implements MemoryStores {
        @Override
        public List<String> names() {
            return stores.names();
        }

        @Override
        public Optional<Settings> settings(String space) {
            return stores.settings(space);
        }

        @Override
        public Settings putSettings(String space, JsonObject settings, OptionalLong expectedRevision) {
            return stores.putSettings(space, settings, expectedRevision);
        }

        @Override
        public MemoryStore open(String space) {
            return stores.open(space);
        }

        @Override
        public boolean delete(String space) {
            return stores.delete(space);
        }

        @Override
        public void close() {}
    }
}
