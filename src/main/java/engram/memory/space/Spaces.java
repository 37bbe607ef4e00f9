package engram.memory.space;

import engram.error.Conflict;
import engram.error.EngramException;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.memory.JsonObject;
import engram.memory.MemoryStore;
import engram.memory.MemoryStores;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/**
 * All spaces of a memory: the entry to Engram for a program that embeds it.
 *
 * <pre>{@code
 * try (Spaces spaces = new Spaces(services)) {
 *     Space world = spaces.put("world", SpaceSettings.defaults(), OptionalLong.empty()).space();
 *     world.remember(List.of(memory), Optional.empty());
 *     Recalled similar = world.recall(Recall.of(new Query.OfState(state), 10));
 * }
 * }</pre>
 *
 * <p>Spaces are opened when first asked for and stay open. Thread-safe.
 */
public final class Spaces implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Spaces.class.getName());
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final SpaceServices services;
    private final ConcurrentMap<String, Space> open = new ConcurrentHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private volatile boolean closed;

    public Spaces(SpaceServices services) {
        this.services = services;
    }

    /** The names of all spaces, sorted. */
    public List<String> names() {
        return services.stores().names();
    }

    /** Whether there is a space of this name. */
    public boolean exists(String name) {
        return NAME.matcher(name).matches() && services.stores().settings(name).isPresent();
    }

    /**
     * A space, opened if need be.
     *
     * @throws NotFound if there is none of this name
     */
    public Space open(String name) {
        Space space = open.get(name);
        if (space != null) {
            return space;
        }
        if (closed) {
            throw new Unavailable("the memory is closing", Duration.ofSeconds(5));
        }
        if (!NAME.matcher(name).matches()) {
            throw new NotFound("space", name);
        }
        return open.computeIfAbsent(name, this::openNow);
    }

    /** The spaces that are open now. */
    public List<Space> opened() {
        return List.copyOf(open.values());
    }

    /**
     * Creates a space or replaces its settings.
     *
     * @param expectedRevision the revision the present settings must have; empty where any, or none, will do
     * @throws InvalidInput for an unsuitable name
     * @throws Conflict if the schema changes although the space has memories
     * @throws engram.error.PreconditionFailed if the settings have another revision
     */
    public Put put(String name, SpaceSettings settings, OptionalLong expectedRevision) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidInput(
                    "space",
                    "a name is made of 1 to 64 lower-case letters, digits, '.', '_' and '-', not '" + name + "'");
        }
        synchronized (this) {
            refreshNow(name);
            boolean exists = services.stores().settings(name).isPresent();
            if (exists) {
                Space present = open(name);
                boolean otherSchema = !present.settings().schema().equals(settings.schema());
                if (otherSchema && present.statistics().total() > 0) {
                    throw new Conflict(
                            "schema", "the schema of a space that has memories is fixed; create another space for it");
                }
                MemoryStores.Settings kept =
                        services.stores().putSettings(name, JsonObject.of(settings.toJson()), expectedRevision);
                if (otherSchema) {
                    open.remove(name);
                    present.close();
                    return new Put(open(name), false);
                }
                present.replaceSettings(settings, kept.revision());
                return new Put(present, false);
            }
            // A replica that died while it deleted a space of this name may have left some.
            EncoderLibrary.removeShared(name, services.replicas().documents());
            services.stores().putSettings(name, JsonObject.of(settings.toJson()), expectedRevision);
            return new Put(open(name), true);
        }
    }

    /** Removes a space with everything in it; false if there was none. */
    public synchronized boolean delete(String name) {
        if (!exists(name)) {
            return false;
        }
        Space space = open.remove(name);
        if (space != null) {
            space.close();
        }
        boolean deleted = services.stores().delete(name);
        EncoderLibrary.removeShared(name, services.replicas().documents());
        services.encoders(name).forgetCopies();
        return deleted;
    }

    /**
     * Takes over what other replicas have changed: settings, live encoder versions, spaces that are gone. Those who watch
     * a space are told of what was written elsewhere. Does nothing where one process has the data alone.
     *
     * @throws engram.error.EngramException the first failure, after the other spaces have been refreshed
     */
    public void refresh() {
        if (!services.replicas().areOthers()) {
            return;
        }
        EngramException failure = null;
        for (Map.Entry<String, Space> entry : open.entrySet()) {
            try {
                refresh(entry.getKey(), entry.getValue());
            } catch (EngramException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void refreshNow(String name) {
        Space space = open.get(name);
        if (space != null && services.replicas().areOthers()) {
            refresh(name, space);
        }
    }

    private void refresh(String name, Space space) {
        Optional<MemoryStores.Settings> kept = services.stores().settings(name);
        if (kept.isEmpty()) {
            LOG.log(Level.INFO, "space ''{0}'' was deleted by another replica", name);
            if (close(name, space)) {
                space.forgetCopies();
            }
            return;
        }
        SpaceSettings settings = read(kept.get());
        boolean another = !settings.schema().equals(space.settings().schema())
                || !space.refresh(services.stores().open(name));
        if (another) {
            LOG.log(Level.INFO, "space ''{0}'' is opened anew: another replica has changed it", name);
            close(name, space);
        } else if (kept.get().revision() != space.settingsRevision() || !settings.equals(space.settings())) {
            space.replaceSettings(settings, kept.get().revision());
        }
    }

    private synchronized boolean close(String name, Space space) {
        if (!open.remove(name, space)) {
            return false;
        }
        space.close();
        return true;
    }

    private SpaceSettings read(MemoryStores.Settings kept) {
        return services.defaults().merge(kept.document().tree());
    }

    /** What was wrong when spaces were opened, such as a damaged encoder; for people who watch the service. */
    public List<String> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    private Space openNow(String name) {
        MemoryStores.Settings kept = services.stores().settings(name).orElseThrow(() -> new NotFound("space", name));
        SpaceSettings settings = read(kept);
        MemoryStore store = services.stores().open(name);
        EncoderVersions.Opened opened = EncoderVersions.open(name, settings, store, services);
        synchronized (problems) {
            problems.addAll(opened.problems());
        }
        return new Space(name, settings, kept.revision(), store, opened.encoders(), opened.versions(), services);
    }

    @Override
    public void close() {
        closed = true;
        open.values().forEach(Space::close);
        open.clear();
        services.stores().close();
    }

    /**
     * What {@link #put} did.
     *
     * @param space the space
     * @param created whether it is new
     */
    public record Put(Space space, boolean created) {}
}
