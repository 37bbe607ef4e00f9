package engram.memory.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.MergeTrigger;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.jspecify.annotations.Nullable;

/**
 * Decides which segments become one. Putting vectors into a graph is what indexing costs, and every segment is a walk of
 * its own for every search; so while memories arrive, eight segments of about one size are merged, and vectors enter few
 * graphs, and when few arrive, all those are merged that together are an eighth as large as the next larger one, because
 * Lucene goes on with the largest graph where it can, and then only the others' vectors are put in.
 */
final class GraphMergePolicy extends MergePolicy {
    private static final int FACTOR = 8;
    private static final double MOST_DELETED = 0.25;

    private final int smallest;
    private volatile boolean quiet;

    /** @param smallest below how many vectors segments have no graphs and count as equal */
    GraphMergePolicy(int smallest) {
        super(0, Long.MAX_VALUE);
        this.smallest = Math.max(1, smallest);
    }

    /** Tells whether few memories arrive at the moment. */
    void setQuiet(boolean now) {
        quiet = now;
    }

    @Override
    public @Nullable MergeSpecification findMerges(MergeTrigger trigger, SegmentInfos infos, MergeContext context)
            throws IOException {
        List<Sized> segments = new ArrayList<>();
        for (SegmentCommitInfo info : infos) {
            if (!context.getMergingSegments().contains(info)) {
                int all = info.info.maxDoc();
                segments.add(new Sized(info, all - context.numDeletesToMerge(info), all));
            }
        }
        segments.sort(Comparator.comparingInt(Sized::live));
        List<Sized> chosen = quiet ? whileQuiet(segments) : whileBusy(segments);
        if (chosen.isEmpty()) {
            chosen = mostDeleted(segments);
        }
        if (chosen.isEmpty()) {
            return null;
        }
        MergeSpecification specification = new MergeSpecification();
        specification.add(new OneMerge(chosen.stream().map(Sized::info).toList()));
        return specification;
    }

    private List<Sized> whileBusy(List<Sized> ascending) {
        int from = 0;
        while (from < ascending.size()) {
            int level = level(ascending.get(from));
            int to = from;
            while (to < ascending.size() && level(ascending.get(to)) == level) {
                to++;
            }
            if (to - from >= FACTOR) {
                return ascending.subList(from, to);
            }
            from = to;
        }
        return List.of();
    }

    private int level(Sized segment) {
        int level = 0;
        for (long size = smallest; size <= segment.live(); size *= FACTOR) {
            level++;
        }
        return level;
    }

    private static List<Sized> whileQuiet(List<Sized> ascending) {
        long sum = 0;
        int chosen = 0;
        for (int i = 0; i < ascending.size(); i++) {
            if (i > 0 && FACTOR * sum >= ascending.get(i).live()) {
                chosen = i + 1;
            }
            sum += ascending.get(i).live();
        }
        return ascending.subList(0, chosen);
    }

    private static List<Sized> mostDeleted(List<Sized> segments) {
        return segments.stream()
                .filter(segment -> segment.all() - segment.live() > MOST_DELETED * segment.all())
                .limit(1)
                .toList();
    }

    @Override
    public @Nullable MergeSpecification findForcedMerges(
            SegmentInfos infos, int most, Map<SegmentCommitInfo, Boolean> segments, MergeContext context) {
        return null;
    }

    @Override
    public @Nullable MergeSpecification findForcedDeletesMerges(SegmentInfos infos, MergeContext context) {
        return null;
    }

    /**
     * A segment.
     *
     * @param live how many documents it has that are not deleted
     * @param all how many it has
     */
    private record Sized(SegmentCommitInfo info, int live, int all) {}
}
