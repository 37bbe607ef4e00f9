package engram.memory.redis;

import engram.error.EngramException;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.PreconditionFailed;
import engram.memory.Documents;
import engram.memory.JsonObject;
import engram.memory.Leases;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * All spaces of one Redis with vector search (Redis Stack 7.4, Redis 8), shared by every process that uses it.
 * Thread-safe; its methods wait for answers and are not for threads that must not wait.
 *
 * <pre>{@code
 * Redis client = Redis.createClient(vertx, "redis://127.0.0.1:6379");
 * try (MemoryStores stores = new RedisMemoryStores(client, RedisSettings.defaults(), Clock.systemUTC())) {
 *     stores.putSettings("arena", JsonObject.EMPTY, OptionalLong.empty());
 *     MemoryStore store = stores.open("arena");
 * }
 * }</pre>
 */
public final class RedisMemoryStores implements MemoryStores {
    private static final System.Logger LOG = System.getLogger(RedisMemoryStores.class.getName());
    private static final int LEASE_THREADS = 1;

    private final Commands commands;
    private final RedisSettings settings;
    private final Clock clock;
    private final ExecutorService background;
    private final ScheduledThreadPoolExecutor beats;
    private final RedisLeases leases;
    private final RedisDocuments documents;
    private final Map<String, RedisMemoryStore> open = new HashMap<>();

    /**
     * Asks Redis for nothing yet.
     *
     * @param redis speaks RESP 2; stays open when this is closed
     * @param clock gives the times of changes
     */
    public RedisMemoryStores(Redis redis, RedisSettings settings, Clock clock) {
        this.commands = new Commands(redis, settings.answerWithin());
        this.settings = settings;
        this.clock = clock;
        this.background = Executors.newCachedThreadPool(daemons("engram-redis"));
        this.beats = new ScheduledThreadPoolExecutor(LEASE_THREADS, daemons("engram-lease"));
        beats.setRemoveOnCancelPolicy(true);
        this.leases = new RedisLeases(commands, beats, settings.leaseTime());
        this.documents = new RedisDocuments(commands);
    }

    private static ThreadFactory daemons(String name) {
        return Thread.ofPlatform().daemon().name(name).factory();
    }

    /** Documents in the same Redis. */
    public Documents documents() {
        return documents;
    }

    /** Leases in the same Redis. */
    public Leases leases() {
        return leases;
    }

    /**
     * What an operator should know: memories that an index could not take up, settings of Redis that put memories at risk.
     *
     * @throws engram.error.Unavailable if Redis cannot be reached
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(ServerSettings.problems(commands));
        List<RedisMemoryStore> stores;
        synchronized (this) {
            stores = List.copyOf(open.values());
        }
        for (RedisMemoryStore store : stores) {
            try {
                problems.addAll(store.problems());
            } catch (EngramException e) {
                LOG.log(Level.DEBUG, "a space was removed meanwhile", e);
            }
        }
        return problems;
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (Response name : commands.ask("SMEMBERS", Keys.SPACES)) {
            String space = name.toString();
            if (identity(space) != null) {
                names.add(space);
            }
        }
        names.sort(null);
        return names;
    }

    private @Nullable String identity(String space) {
        @Nullable Response identity = commands.send(Commands.request("HGET", new Keys(space).about(), "identity"));
        return identity == null ? null : identity.toString();
    }

    @Override
    public Optional<Settings> settings(String space) {
        if (identity(space) == null) {
            return Optional.empty();
        }
        Response kept = commands.ask("HMGET", new Keys(space).settings(), "document", "revision");
        return kept.get(0) == null
                ? Optional.empty()
                : Optional.of(new Settings(
                        JsonObject.stored(kept.get(0).toBytes()), kept.get(1).toLong()));
    }

    @Override
    public Settings putSettings(String space, JsonObject document, OptionalLong expectedRevision) {
        if (space.isEmpty() || space.contains("{") || space.contains("}")) {
            throw new InvalidInput("space", "has a name without braces, not '" + space + "'");
        }
        Keys keys = new Keys(space);
        Arguments arguments = new Arguments()
                .add(keys.prefix())
                .add(UUID.randomUUID().toString())
                .add(settings.index().vectors().name())
                .add(document.utf8())
                .add(expectedRevision.isPresent() ? Long.toString(expectedRevision.getAsLong()) : "");
        commands.ask("SADD", Keys.SPACES, space);
        while (true) {
            try {
                long revision = Commands.required(commands.run(Script.CREATE, keys.about(), arguments))
                        .toLong();
                return new Settings(document, revision);
            } catch (Refused e) {
                switch (e.code()) {
                    case REMOVING -> removal(space).finish();
                    case REVISION ->
                        throw new PreconditionFailed("the settings of space '" + space + "' have revision "
                                + e.getMessage() + ", not " + expectedRevision);
                    default -> throw e;
                }
            }
        }
    }

    @Override
    public MemoryStore open(String space) {
        String identity = identity(space);
        synchronized (this) {
            RedisMemoryStore store = open.get(space);
            if (store != null && !store.space().identity().equals(identity)) {
                store.close();
                open.remove(space);
                store = null;
            }
            if (identity == null) {
                throw new NotFound("space", space);
            }
            if (store == null) {
                store = new RedisMemoryStore(
                        new RedisSpace(space, identity, commands, settings, clock), background, leases);
                open.put(space, store);
            }
            return store;
        }
    }

    @Override
    public boolean delete(String space) {
        synchronized (this) {
            RedisMemoryStore store = open.remove(space);
            if (store != null) {
                store.close();
            }
        }
        return removal(space).run();
    }

    private SpaceRemoval removal(String space) {
        return new SpaceRemoval(space, commands);
    }

    /** Finishes the removal of spaces that was broken off. */
    public void finishRemovals() {
        for (Response name : commands.ask("SMEMBERS", Keys.REMOVALS)) {
            removal(name.toString()).finish();
        }
    }

    @Override
    public synchronized void close() {
        open.values().forEach(RedisMemoryStore::close);
        open.clear();
        background.shutdownNow();
        beats.shutdownNow();
        commands.close();
    }
}
