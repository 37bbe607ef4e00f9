package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import engram.encoder.Resolution;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.NotFound;
import engram.error.PreconditionFailed;
import engram.feature.FeatureExtractor;
import engram.memory.ChangeEvent;
import engram.memory.Departure;
import engram.memory.EmbeddingVersion;
import engram.memory.Filter;
import engram.memory.IdempotencyKey;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Scan;
import engram.memory.Statistics;
import engram.memory.Update;
import engram.memory.consolidation.ConsolidationReport;
import engram.memory.transfer.AgentsImport;
import engram.memory.transfer.Header;
import engram.memory.transfer.ImportReport;
import engram.memory.transfer.MemoryExport;
import engram.memory.transfer.MemoryImport;
import engram.run.Progress;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * A named, isolated memory that agents share: what is remembered here is found here. Writes are durable when they
 * return and seen by every later recall. Thread-safe; owned and closed by {@link Spaces}.
 */
public final class Space {
    private static final int PAGE = 500;

    private final String name;
    private final MemoryStore store;
    private final LiveEncoders encoders;
    private final MemoryFeatures features;
    private final Remembering remembering;
    private final Recalling recalling;
    private final Editing editing;
    private final RecallCounter recalls;
    private final StateViews states;
    private final AgentHistory history;
    private final Embeddings embeddings;
    private final Consolidating consolidating;
    private final EncoderVersions versions;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile SpaceSettings settings;
    private volatile long settingsRevision;
    private volatile long followed;
    private volatile boolean closed;

    Space(
            String name,
            SpaceSettings settings,
            long settingsRevision,
            MemoryStore store,
            LiveEncoders encoders,
            EncoderVersions versions,
            SpaceServices services) {
        this.name = name;
        this.settings = settings;
        this.settingsRevision = settingsRevision;
        this.store = store;
        this.encoders = encoders;
        this.versions = versions;
        this.followed = store.sequence();
        this.features = new MemoryFeatures(new FeatureExtractor(settings.schema()));
        this.remembering = new Remembering(store, encoders, features, services.clock(), services.ids());
        this.recalling = new Recalling(store, encoders, features, services.clock());
        this.editing = new Editing(store, this::changed);
        this.recalls = new RecallCounter(store, services.clock());
        this.states = new StateViews(store, encoders, features);
        this.embeddings = new Embeddings(encoders, features);
        this.history = new AgentHistory(store, states::of);
        this.consolidating = new Consolidating(name, store, new LiveTierEncoding(encoders, features), services);
    }

    /** The name of this space. */
    public String name() {
        return name;
    }

    /** The settings as they are now. */
    public SpaceSettings settings() {
        return settings;
    }

    /** Counts the changes of the settings from 1; the ETag. */
    public long settingsRevision() {
        return settingsRevision;
    }

    /**
     * Embeds and writes new memories. Each is stored or reported for itself; those stored are durable and can be
     * recalled when this returns.
     *
     * @param key makes the batch happen once however often it is sent
     * @throws Conflict if the key was used for another batch
     */
    public Remembered remember(List<NewMemory> memories, Optional<IdempotencyKey> key) {
        Remembered remembered = remembering.remember(memories, key);
        if (!remembered.replayed()) {
            changed();
            versions.remembered(memories.size());
        }
        return remembered;
    }

    /**
     * One memory.
     *
     * @throws NotFound if there is none of this id
     */
    public Memory get(String id) {
        return Optional.ofNullable(store.get(List.of(id)).get(id)).orElseThrow(() -> new NotFound("memory", id));
    }

    /** Reading and editing many memories at once. */
    public ManyMemories many() {
        return new ManyMemories(store, this::changed);
    }

    /** A page of memories. */
    public Scan.Page list(Scan scan) {
        return store.scan(scan);
    }

    /**
     * Edits a memory and returns it as it is afterwards.
     *
     * @throws NotFound if there is none of this id
     * @throws PreconditionFailed if it has another revision than the expected one
     */
    public Memory edit(String id, OptionalLong expectedRevision, Update.Edit edit) {
        editing.apply(new Update(id, expectedRevision, edit));
        return get(id);
    }

    /**
     * Deletes a memory.
     *
     * @throws NotFound if there is none of this id
     * @throws PreconditionFailed if it has another revision than the expected one
     */
    public void delete(String id, OptionalLong expectedRevision) {
        editing.apply(new Update(id, expectedRevision, new Update.Remove(Departure.DELETED)));
    }

    /** Deletes every memory that satisfies the filter; returns how many there were. */
    public long clear(Filter filter) {
        return editing.clear(filter);
    }

    /**
     * The state of a memory, as it was sent or rebuilt from its tier.
     *
     * @throws NotFound if there is none of this id, or it is a text or an action without a state
     */
    public StateView state(String id) {
        return states.of(get(id));
    }

    /** Finds similar memories and counts that they were recalled. */
    public Recalled recall(Recall recall) {
        Recalled recalled = recalling.recall(recall);
        recalls.count(recalled.matches());
        return recalled;
    }

    /** Recalls once for nobody, so that the first who asks does not wait for what is loaded on first use. Counts nothing. */
    public void warmUp() {
        recalling.recall(Recall.of(new Query.OfVector(new float[Resolution.FULL.dimensions()]), 10));
    }

    /** The embeddings of states by the active encoder; nothing is stored. Fields of problems are {@code [i].state…}. */
    public List<Embedding> embedStates(List<JsonNode> states) {
        return embeddings.ofStates(states);
    }

    /** The embeddings of texts; nothing is stored. */
    public List<Embedding> embedTexts(List<String> texts) {
        return embeddings.ofTexts(texts);
    }

    /** The version that embeds a modality now. */
    public EmbeddingVersion activeEncoder(Modality modality) {
        return encoders.use(view -> view.version(modality));
    }

    /** The encoders of this space: training, listing, activation. */
    public EncoderVersions encoders() {
        return versions;
    }

    /**
     * Moves memories to lower tiers, merges near-duplicates and forgets, by the tier policy.
     *
     * @param dryRun whether only to report what would be done
     * @throws Conflict if a consolidation of this space is under way, here or in another replica
     */
    public ConsolidationReport consolidate(boolean dryRun, Progress progress) {
        recalls.flush();
        ConsolidationReport report = consolidating.run(settings.tiers(), dryRun, progress);
        if (!dryRun) {
            changed();
        }
        return report;
    }

    /** The change feed after a sequence number, oldest first. */
    public List<ChangeEvent> changes(long after, int limit) {
        return store.changes(after, limit);
    }

    /**
     * Calls a listener after every change, on the thread of the writer, and when the space is closed; closing the result
     * ends that. Changes by other replicas are told as soon as {@link Spaces#refresh} has seen them.
     */
    public Subscription onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The number of the last change, cheaply. */
    public long sequence() {
        return store.sequence();
    }

    /** How many memories there are. */
    public Statistics statistics() {
        return store.statistics();
    }

    /** The newest state of an agent at each of these steps; steps without one are left out. */
    public List<Snapshot> snapshots(String agent, List<Long> steps) {
        return history.snapshots(agent, steps);
    }

    /** How an attribute of an agent's state changed, oldest first. */
    public List<AttributeChange> attributeChanges(
            String agent, String attribute, OptionalLong fromStep, OptionalLong toStep, int limit) {
        return history.changes(agent, attribute, fromStep, toStep, limit);
    }

    /**
     * Writes memories into a stream, in a format that every store reads.
     *
     * @param out not closed
     * @param withVectors whether the vectors travel with them
     * @return how many were written
     */
    public long exportTo(OutputStream out, Filter filter, boolean withVectors, Progress progress) {
        Header header = versions.travel().header(name, settings, withVectors);
        return new MemoryExport(store, withVectors).run(header, filter, out, progress);
    }

    /**
     * Reads memories from a stream of this format or of AgentMemory's export, each for itself.
     *
     * @param in closed at the end
     * @param longestItem how many bytes one memory may have in the stream
     * @throws InvalidInput if it is no format that can be read; nothing is imported
     */
    public ImportReport importFrom(InputStream in, int longestItem, Progress progress) {
        return importFrom(in, longestItem, agent -> true, progress);
    }

    /**
     * The same of the memories of some agents; those of others are refused.
     *
     * @param agents whose memories are taken
     */
    public ImportReport importFrom(InputStream in, int longestItem, Predicate<String> agents, Progress progress) {
        Importing importing = new Importing(
                store, encoders, features, versions.nothing(), versions::fingerprints, versions.travel()::arriving);
        ImportReport report =
                new MemoryImport(new AgentsImport(importing, agents), PAGE, longestItem).run(in, progress);
        changed();
        return report;
    }

    void replaceSettings(SpaceSettings next, long revision) {
        settings = next;
        settingsRevision = revision;
        versions.replaceSettings(next.encoder());
    }

    /** Writes down how often memories were recalled; to be called now and then. */
    public void flush() {
        recalls.flush();
    }

    /** Whether the space was deleted, or opened anew. */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Takes over what other replicas have changed in the store.
     *
     * @param present the store of this name
     * @return false if it is not the one this was opened for: the space was deleted and created again
     */
    boolean refresh(MemoryStore present) {
        long now = present.sequence();
        if (!present.equals(store) || now < followed) {
            return false;
        }
        versions.follow(now);
        if (now != followed) {
            followed = now;
            changed();
        }
        return true;
    }

    /** Removes what this replica has kept of a space that is gone. */
    void forgetCopies() {
        versions.forgetCopies();
    }

    void close() {
        closed = true;
        recalls.close();
        encoders.close();
        changed();
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    /** Ends when closed. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
