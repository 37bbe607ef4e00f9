package engram.memory.embedded;

import engram.memory.EmbeddingVersion;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** The open Lucene index of one encoder version. */
final class LuceneIndex implements Closeable {
    private static final System.Logger LOG = System.getLogger(LuceneIndex.class.getName());
    private static final String FORMAT = "1";
    private static final int BUFFER_MEGABYTES = 256;
    private static final int MERGE_THREADS = 2;
    private static final int WAITING_MERGES = 4;

    private final Directory directory;
    private final IndexWriter writer;
    private final GraphMergePolicy merges;
    private final SearcherManager searchers;
    private final VectorSamples samples = new VectorSamples();
    private final MemoryDocuments documents;
    private final String space;
    private final EmbeddingVersion version;
    private final long sequence;

    private LuceneIndex(
            Directory directory,
            IndexWriter writer,
            GraphMergePolicy merges,
            MemoryDocuments documents,
            String space,
            EmbeddingVersion version,
            long sequence)
            throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.merges = merges;
        this.searchers = new SearcherManager(writer, new SearcherFactory());
        this.documents = documents;
        this.space = space;
        this.version = version;
        this.sequence = sequence;
    }

    /**
     * Opens or creates an index.
     *
     * @param space the identity of the space, so that the index of another one is not taken for it
     * @param recordSequence the number of the record's last change: an index cannot know more
     * @param merged called in a merging thread whenever segments have become one, which searches see after a refresh
     * @throws IOException if there is an index that is not intact or does not belong to the record
     */
    static LuceneIndex open(
            Path path,
            String space,
            EmbeddingVersion version,
            long recordSequence,
            EmbeddedSettings.IndexSettings settings,
            Runnable merged)
            throws IOException {
        Directory directory = FSDirectory.open(path);
        try {
            long sequence = 0;
            Set<String> numberFields = new HashSet<>();
            if (DirectoryReader.indexExists(directory)) {
                try (DirectoryReader reader = DirectoryReader.open(directory)) {
                    sequence = coveredSequence(reader, space, version, recordSequence);
                    verify(reader, numberFields);
                }
            } else {
                // What is there was never committed, or has lost its commit.
                FileTrees.deleteTree(path);
                Files.createDirectories(path);
            }
            GraphMergePolicy merges = new GraphMergePolicy(settings.graphThreshold());
            IndexWriter writer = new IndexWriter(directory, configuration(settings, merges, merged));
            return new LuceneIndex(
                    directory,
                    writer,
                    merges,
                    new MemoryDocuments(settings.payloadPaths(), numberFields),
                    space,
                    version,
                    sequence);
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static void verify(DirectoryReader reader, Set<String> numberFields) throws IOException {
        for (LeafReaderContext leaf : reader.leaves()) {
            leaf.reader().checkIntegrity();
        }
        for (FieldInfo field : FieldInfos.getMergedFieldInfos(reader)) {
            if (field.getPointDimensionCount() > 0 && field.name.contains("#")) {
                numberFields.add(field.name);
            }
        }
    }

    private static long coveredSequence(
            DirectoryReader reader, String space, EmbeddingVersion version, long recordSequence) throws IOException {
        Map<String, String> data = reader.getIndexCommit().getUserData();
        if (!FORMAT.equals(data.get("format"))
                || !space.equals(data.get("space"))
                || !version.toString().equals(data.get("version"))) {
            throw new CorruptIndexException("an index of another format, space or version", reader.toString());
        }
        try {
            long sequence = Long.parseLong(data.getOrDefault("sequence", ""));
            if (sequence > recordSequence) {
                throw new CorruptIndexException("an index that is ahead of its record", reader.toString());
            }
            return sequence;
        } catch (NumberFormatException e) {
            throw new CorruptIndexException("an index without its sequence number", reader.toString(), e);
        }
    }

    /**
     * What an index on disk holds.
     *
     * @param sequence the change up to which it was committed
     */
    record Summary(long sequence, long memories) {}

    /**
     * Verifies the committed index on disk, which a store may have open.
     *
     * @throws IOException if it is not intact or not of this record
     */
    static Summary examine(Path path, String space, EmbeddingVersion version, long recordSequence) throws IOException {
        if (!Files.exists(path)) {
            return new Summary(0, 0);
        }
        try (Directory directory = FSDirectory.open(path)) {
            if (!DirectoryReader.indexExists(directory)) {
                return new Summary(0, 0);
            }
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                long sequence = coveredSequence(reader, space, version, recordSequence);
                verify(reader, new HashSet<>());
                return new Summary(sequence, reader.numDocs());
            }
        }
    }

    private static IndexWriterConfig configuration(
            EmbeddedSettings.IndexSettings settings, GraphMergePolicy policy, Runnable merged) {
        KnnVectorsFormat vectors = new Lucene99HnswVectorsFormat(
                settings.connections(), settings.beamWidth(), 1, null, tinySegment(settings.graphThreshold()));
        ConcurrentMergeScheduler merges = new ConcurrentMergeScheduler() {
            @Override
            protected void doMerge(MergeSource source, MergePolicy.OneMerge merge) throws IOException {
                super.doMerge(source, merge);
                merged.run();
            }
        };
        merges.setMaxMergesAndThreads(WAITING_MERGES, MERGE_THREADS);
        IndexWriterConfig config = new IndexWriterConfig();
        config.setRAMBufferSizeMB(BUFFER_MEGABYTES);
        config.setMergeScheduler(merges);
        config.setMergePolicy(policy);
        config.setUseCompoundFile(false);
        config.setMaxFullFlushMergeWaitMillis(0);
        config.setCommitOnClose(false);
        config.setCodec(new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return vectors;
            }
        });
        return config;
    }

    /**
     * The number by which Lucene tells segments too small for a graph: those of n vectors where ln(n) times the number is
     * at least n, because a walk through the graph would visit about as many.
     */
    private static int tinySegment(int vectors) {
        return vectors < 2 ? 0 : (int) Math.ceil(vectors / Math.log(vectors));
    }

    /** Everything up to here was in the index when it was opened. */
    long sequence() {
        return sequence;
    }

    void add(Overlay.Change change) throws IOException {
        if (change.memory != null && change.vector != null) {
            writer.addDocument(documents.document(change.row, change.memory, change.vector));
        }
    }

    /** Puts a row's present state over whatever the index holds of it. */
    void replace(Overlay.Change change) throws IOException {
        if (change.memory != null && change.vector != null) {
            writer.updateDocument(
                    MemoryDocuments.rowTerm(change.row), documents.document(change.row, change.memory, change.vector));
        } else {
            writer.deleteDocuments(MemoryDocuments.rowTerm(change.row));
        }
    }

    /** Lets searches see what was written. */
    void refresh() throws IOException {
        searchers.maybeRefreshBlocking();
    }

    /** Merges as few memories arrive from now on: further, because merging does not have to keep up with them. */
    void mergeWhileQuiet() throws IOException {
        merges.setQuiet(true);
        writer.maybeMerge();
    }

    /** Merges as many memories arrive from now on. */
    void mergeWhileBusy() {
        merges.setQuiet(false);
    }

    /** Makes what was written durable, as the state of everything up to {@code covered}. */
    void commit(long covered) throws IOException {
        writer.setLiveCommitData(Map.of(
                        "format",
                        FORMAT,
                        "space",
                        space,
                        "version",
                        version.toString(),
                        "sequence",
                        Long.toString(covered))
                .entrySet());
        writer.commit();
    }

    /** Searches the last refreshed state. */
    <T> T search(Searching<T> searching) throws IOException {
        IndexSearcher searcher = searchers.acquire();
        try {
            return searching.with(searcher, samples);
        } finally {
            searchers.release(searcher);
        }
    }

    /** Something done with a searcher. */
    interface Searching<T> {
        T with(IndexSearcher searcher, VectorSamples samples) throws IOException;
    }

    /** Gives up what was written since the last commit; searches go on with the last refreshed state. */
    void stopWriting() {
        try {
            writer.rollback();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "an index writer that cannot be rolled back", e);
        }
    }

    /** Closes without a commit; merges under way are given up. */
    @Override
    public void close() throws IOException {
        try {
            searchers.close();
        } finally {
            try {
                writer.rollback();
            } finally {
                directory.close();
            }
        }
    }
}
