package engram.memory.redis;

import engram.error.Unavailable;
import engram.memory.EmbeddingVersion;
import engram.memory.Modality;
import engram.memory.Tier;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;

/**
 * The vector indexes of a space: one for each tier of each version in use, behind an alias. Searches know the alias; an
 * index that somebody dropped is rebuilt under another name and put behind the alias once it is complete, so that nobody
 * is answered from part of it. Thread-safe.
 */
final class Indexes {
    private static final System.Logger LOG = System.getLogger(Indexes.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration LOCK_FOR = Duration.ofSeconds(30);

    private final RedisSpace space;
    private final NumberFields numbers;
    private final Executor executor;
    private final Map<Integer, Set<Integer>> ready = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Boolean>> repairs = new HashMap<>();

    Indexes(RedisSpace space, NumberFields numbers, Executor executor) {
        this.space = space;
        this.numbers = numbers;
        this.executor = executor;
    }

    /** Makes sure, before something is written, that a version's indexes are there and have these number fields. */
    void prepare(EmbeddingVersion version, int field, Set<Integer> needed) {
        Set<Integer> has = ready.get(field);
        if (has != null && has.containsAll(needed)) {
            return;
        }
        synchronized (this) {
            try {
                has = ready.get(field);
                if (has == null) {
                    has = open(version.modality(), field);
                    ready.put(field, has);
                }
                for (int number : needed) {
                    if (!has.contains(number)) {
                        for (Tier tier : Tier.values()) {
                            add(space.keys().index(tier, field), number, true);
                        }
                        has.add(number);
                    }
                }
            } catch (Refused e) {
                if (e.code() != Refused.Code.INDEX) {
                    throw e;
                }
                // Dropped by hand: what is written now is taken up when the index is rebuilt.
                for (Tier tier : Tier.values()) {
                    var _ = beginRepair(version.modality(), tier, field);
                }
            }
        }
    }

    private Set<Integer> open(Modality modality, int field) {
        boolean created = space.refreshed().indexed().contains(field);
        Set<Integer> fields = created ? Set.of() : numbers.all();
        Set<Integer> common = null;
        for (Tier tier : Tier.values()) {
            String alias = space.keys().index(tier, field);
            if (!created) {
                String index = alias + ":1";
                tolerate("already exists", () -> create(index, modality, tier, field, false, fields));
                tolerate("already exists", () -> space.ask("FT.ALIASADD", alias, index));
            }
            Set<Integer> present = info(alias).numbers();
            if (common == null) {
                common = ConcurrentHashMap.newKeySet();
                common.addAll(present);
            } else {
                common.retainAll(present);
            }
        }
        if (!created) {
            space.ask("HSET", space.keys().about(), "indexed:" + field, 1);
            space.refreshed();
        }
        return common == null ? new HashSet<>() : common;
    }

    private void create(
            String index, Modality modality, Tier tier, int field, boolean scan, Collection<Integer> fields) {
        space.send(IndexSchema.create(
                index,
                space.keys(),
                tier,
                modality,
                field,
                space.known().vectors(),
                space.settings().index(),
                scan,
                fields));
    }

    private void add(String index, int number, boolean skipScan) {
        tolerate(
                "uplicate field",
                () -> space.send(
                        skipScan
                                ? IndexSchema.addNumber(index, number)
                                : Commands.request(
                                        "FT.ALTER", index, "SCHEMA", "ADD", IndexSchema.number(number), "NUMERIC")));
    }

    /** Another replica may have done the same a moment before. */
    private static void tolerate(String message, Runnable action) {
        try {
            action.run();
        } catch (IllegalStateException e) {
            if (!String.valueOf(e.getMessage()).contains(message)) {
                throw e;
            }
        }
    }

    /** What an index says of itself. */
    IndexInfo info(String index) {
        return IndexInfo.of(space.ask("FT.INFO", index));
    }

    /**
     * Waits until an index that a search has missed is there.
     *
     * @throws Unavailable if that takes too long; it goes on
     */
    void awaitRepair(Modality modality, Tier tier, int field) {
        Duration within = space.settings().index().readyWait();
        try {
            boolean rebuilt = beginRepair(modality, tier, field).get(within.toMillis(), TimeUnit.MILLISECONDS);
            LOG.log(
                    Level.DEBUG,
                    rebuilt ? "rebuilt {0}" : "{0} is there",
                    space.keys().index(tier, field));
        } catch (TimeoutException e) {
            throw new Unavailable(
                    "an index of space '" + space.name() + "' is being rebuilt", Duration.ofSeconds(5), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while an index is rebuilt", Duration.ofSeconds(1), e);
        }
    }

    private CompletableFuture<Boolean> beginRepair(Modality modality, Tier tier, int field) {
        String alias = space.keys().index(tier, field);
        synchronized (repairs) {
            CompletableFuture<Boolean> running = repairs.get(alias);
            if (running == null || running.isDone()) {
                running = CompletableFuture.supplyAsync(() -> repair(alias, modality, tier, field), executor);
                repairs.put(alias, running);
            }
            return running;
        }
    }

    private boolean repair(String alias, Modality modality, Tier tier, int field) {
        String lock = space.keys().rebuilding(alias);
        String token = UUID.randomUUID().toString();
        while (!isThere(alias)) {
            if (space.send(Commands.request("SET", lock, token, "NX", "PX", LOCK_FOR.toMillis())) != null) {
                try {
                    rebuild(alias, modality, tier, field, lock);
                } finally {
                    space.ask("DEL", lock);
                }
                return true;
            }
            pause();
        }
        Set<Integer> present = info(alias).numbers();
        numbers.all().stream().filter(number -> !present.contains(number)).forEach(number -> add(alias, number, false));
        return false;
    }

    private boolean isThere(String alias) {
        try {
            info(alias);
            return true;
        } catch (Refused e) {
            return false;
        }
    }

    private void rebuild(String alias, Modality modality, Tier tier, int field, String lock) {
        LOG.log(Level.WARNING, "index {0} is gone and is rebuilt from the memories", alias);
        names().stream().filter(name -> name.startsWith(alias + ":")).forEach(this::drop);
        long generation =
                space.ask("HINCRBY", space.keys().about(), "generations", 1).toLong();
        String index = alias + ":r" + generation;
        Set<Integer> fields = numbers.all();
        create(index, modality, tier, field, true, fields);
        awaitComplete(index, lock);
        fields = addMissing(index, fields, lock);
        space.ask("FT.ALIASUPDATE", alias, index);
        addMissing(index, fields, lock);
    }

    /** Places of numbers that became known meanwhile: what was taken up without them is looked at again. */
    private Set<Integer> addMissing(String index, Set<Integer> before, String lock) {
        Set<Integer> now = numbers.all();
        boolean grown = false;
        for (int number : now) {
            if (!before.contains(number)) {
                add(index, number, false);
                grown = true;
            }
        }
        if (grown) {
            awaitComplete(index, lock);
        }
        return now;
    }

    private void awaitComplete(String index, String lock) {
        while (!info(index).complete()) {
            space.ask("PEXPIRE", lock, LOCK_FOR.toMillis());
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while an index is rebuilt", Duration.ofSeconds(1), e);
        }
    }

    /** Drops the indexes of a version that is out of use. */
    void drop(int field) {
        ready.remove(field);
        List<String> names = names();
        for (Tier tier : Tier.values()) {
            String alias = space.keys().index(tier, field);
            names.stream().filter(name -> name.startsWith(alias + ":")).forEach(this::drop);
        }
    }

    private void drop(String index) {
        try {
            space.ask("FT.DROPINDEX", index);
        } catch (Refused e) {
            LOG.log(Level.DEBUG, "{0} was dropped by somebody else", index);
        }
    }

    /** The names of all indexes in this Redis. */
    private List<String> names() {
        return StreamSupport.stream(space.ask("FT._LIST").spliterator(), false)
                .map(name -> name.toString())
                .toList();
    }
}
