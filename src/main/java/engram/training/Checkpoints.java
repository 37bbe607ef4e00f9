package engram.training;

import engram.agent.StatePart;
import engram.error.Damaged;
import engram.error.NotFound;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The checkpoints of one training, a directory each, written whole or not at all: files are written and synced under a
 * hidden name, which then becomes the checkpoint's. Of parts that grow only what is new is written; what older checkpoints
 * hold already is linked. Reading takes the newest that is whole: every file has its SHA-256 in the manifest, and the
 * manifest its own. One thread at a time.
 */
public final class Checkpoints {
    private static final System.Logger LOG = System.getLogger(Checkpoints.class.getName());
    private static final String CHECKPOINT = "checkpoint-";
    private static final String BEST = "best-";
    /** More steps than this in one chain cost more to read than to write afresh. */
    private static final int LONGEST_CHAIN = 16;

    private final Path directory;
    private final int kept;
    private final Map<String, Chain> chains = new HashMap<>();

    /**
     * @param directory of this training alone; created when the first checkpoint is written
     * @param kept how many checkpoints stay besides the best, 1 or more; the oldest are deleted
     */
    public Checkpoints(Path directory, int kept) {
        if (kept < 1) {
            throw new IllegalArgumentException("At least one checkpoint is kept, not " + kept + ".");
        }
        this.directory = directory;
        this.kept = kept;
    }

    /**
     * Writes a checkpoint.
     *
     * @param step its number; one of the same number is replaced
     * @return its directory
     * @throws IOException if it cannot be written; then it does not exist, and those before it are as they were
     */
    public Path save(long step, List<StatePart> parts) throws IOException {
        Map<String, Chain> next = new HashMap<>();
        Path saved;
        try (CheckpointWriter writer = new CheckpointWriter(directory, name(CHECKPOINT, step), step)) {
            for (StatePart part : parts) {
                next.put(part.name(), write(writer, part));
            }
            saved = writer.finish();
        }
        chains.clear();
        chains.putAll(next);
        prune(CHECKPOINT, kept);
        return saved;
    }

    private Chain write(CheckpointWriter writer, StatePart part) throws IOException {
        Chain before = chains.get(part.name());
        if (!(part instanceof StatePart.Growing growing)) {
            writer.add(part.name(), part.name() + ".bin", part::write);
            return Chain.NONE;
        }
        if (before == null || before.files().isEmpty() || before.tooLong()) {
            SavedFile file = writer.add(part.name(), part.name() + ".bin", part::write);
            return new Chain(List.of(file), growing.mark());
        }
        List<SavedFile> files = new ArrayList<>();
        for (SavedFile file : before.files()) {
            files.add(writer.link(part.name(), file));
        }
        files.add(writer.add(
                part.name(),
                part.name() + "-" + before.files().size() + ".bin",
                out -> growing.writeSince(out, before.mark())));
        return new Chain(files, growing.mark());
    }

    /** Writes the best there is so far, in place of the one before. */
    public Path saveBest(long step, List<StatePart> parts) throws IOException {
        Path saved;
        try (CheckpointWriter writer = new CheckpointWriter(directory, name(BEST, step), step)) {
            for (StatePart part : parts) {
                writer.add(part.name(), part.name() + ".bin", part::write);
            }
            saved = writer.finish();
        }
        prune(BEST, 1);
        return saved;
    }

    /** The numbers of the checkpoints there are, newest first; some may be damaged. */
    public List<Long> list() {
        return list(CHECKPOINT);
    }

    private List<Long> list(String prefix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.matches(prefix + "[0-9]{12}"))
                    .map(name -> Long.valueOf(name.substring(prefix.length())))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads the newest checkpoint that is whole into the parts. A damaged one is passed over with a warning.
     *
     * @return its number; empty if there is no checkpoint at all
     * @throws Damaged if there are some, but none is whole, or the newest whole one belongs to other parts
     */
    public OptionalLong restore(List<StatePart> parts) throws IOException {
        List<Long> steps = list();
        for (long step : steps) {
            CheckpointManifest manifest;
            try {
                manifest = CheckpointManifest.verified(directory.resolve(name(CHECKPOINT, step)));
            } catch (Damaged e) {
                LOG.log(System.Logger.Level.WARNING, "checkpoint {0} is passed over: {1}", step, e.getMessage());
                continue;
            }
            read(manifest, parts);
            return OptionalLong.of(step);
        }
        if (!steps.isEmpty()) {
            throw new Damaged("none of the " + steps.size() + " checkpoints in " + directory + " is whole");
        }
        return OptionalLong.empty();
    }

    /**
     * Goes back to an earlier checkpoint: reads it and deletes those after it.
     *
     * @throws NotFound if there is none of this number
     * @throws Damaged if it is not whole; nothing is deleted then
     */
    public void rollBack(long step, List<StatePart> parts) throws IOException {
        if (!list().contains(step)) {
            throw new NotFound("checkpoint", Long.toString(step));
        }
        read(CheckpointManifest.verified(directory.resolve(name(CHECKPOINT, step))), parts);
        for (long later : list()) {
            if (later > step) {
                CheckpointWriter.delete(directory.resolve(name(CHECKPOINT, later)));
            }
        }
    }

    /**
     * Reads the best there was.
     *
     * @throws NotFound if none was written
     * @throws Damaged if it is not whole
     */
    public void restoreBest(List<StatePart> parts) throws IOException {
        List<Long> best = list(BEST);
        if (best.isEmpty()) {
            throw new NotFound("checkpoint", "best");
        }
        readParts(CheckpointManifest.verified(directory.resolve(name(BEST, best.getFirst()))), parts);
    }

    private void read(CheckpointManifest manifest, List<StatePart> parts) throws IOException {
        readParts(manifest, parts);
        chains.clear();
        for (StatePart part : parts) {
            if (part instanceof StatePart.Growing growing) {
                chains.put(part.name(), new Chain(manifest.files(part.name()), growing.mark()));
            }
        }
    }

    private static void readParts(CheckpointManifest manifest, List<StatePart> parts) throws IOException {
        for (StatePart part : parts) {
            List<SavedFile> files = manifest.files(part.name());
            for (int i = 0; i < files.size(); i++) {
                try (DataInputStream in = new DataInputStream(new BufferedInputStream(
                        Files.newInputStream(files.get(i).path()), 1 << 16))) {
                    if (i == 0) {
                        part.read(in);
                    } else if (part instanceof StatePart.Growing growing) {
                        growing.readSince(in);
                    } else {
                        throw new Damaged("the part " + part.name() + " of a checkpoint has more files than one");
                    }
                } catch (EOFException e) {
                    throw new Damaged(
                            "the file " + files.get(i).path().getFileName() + " of a checkpoint ends too early", e);
                }
            }
        }
    }

    private void prune(String prefix, int most) {
        List<Long> steps = list(prefix);
        for (long step : steps.subList(Math.min(most, steps.size()), steps.size())) {
            try {
                CheckpointWriter.delete(directory.resolve(name(prefix, step)));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "checkpoint {0} could not be deleted: {1}", step, e.toString());
            }
        }
    }

    private static String name(String prefix, long step) {
        return String.format(Locale.ROOT, "%s%012d", prefix, step);
    }

    /** The files that hold a growing part, from the first on, and how far it had grown with the last. */
    private record Chain(List<SavedFile> files, long mark) {
        private static final Chain NONE = new Chain(List.of(), 0);

        /** Whether writing everything afresh is better than another step. */
        private boolean tooLong() {
            if (files.size() >= LONGEST_CHAIN) {
                return true;
            }
            long steps = 0;
            for (SavedFile file : files.subList(1, files.size())) {
                steps += file.bytes();
            }
            return steps > files.getFirst().bytes();
        }
    }
}
