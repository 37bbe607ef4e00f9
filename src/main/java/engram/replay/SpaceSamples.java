package engram.replay;

import com.fasterxml.jackson.databind.node.TextNode;
import engram.error.InvalidInput;
import engram.memory.Filter;
import engram.memory.FilterPrinter;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.space.Query;
import engram.memory.space.Ranking;
import engram.memory.space.Recall;
import engram.memory.space.Recalled;
import engram.memory.space.Space;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Samples of experiences for clients that hold no table of their own. Uniform and prioritised draws are made, with
 * replacement, from the newest {@value #WINDOW} experiences that satisfy the filter; their ids and priorities are kept here
 * for the filters used last and follow the changes of the space. Thread-safe.
 */
public final class SpaceSamples {
    /** How many of the newest experiences are drawn from. */
    public static final int WINDOW = 10_000;

    private static final int POOLS = 32;
    private static final int PAGE = 500;

    private final Map<String, ExperiencePool> pools = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ExperiencePool> eldest) {
            return size() > POOLS;
        }
    };

    /** Whether a memory is an experience that can be learned from: a whole transition of numbers. */
    static boolean isUsable(Memory memory) {
        try {
            return memory.kind() == Kind.EXPERIENCE
                    && ExperienceJson.read(memory).isPresent();
        } catch (InvalidInput e) {
            return false;
        }
    }

    /**
     * Draws experiences; none where there are none.
     *
     * @throws engram.error.NotFound if the memory that others are to be like is not there
     */
    public List<Drawn> sample(Space space, SpaceSample sample) {
        Filter filter = new Filter.And(List.of(
                new Filter.In(new Filter.Field.Kind(), List.of(TextNode.valueOf(Kind.EXPERIENCE.jsonName()))),
                sample.filter()));
        return switch (sample.strategy()) {
            case RECENT -> alike(newest(space, filter, sample.size()));
            case SIMILAR -> alike(similar(space, filter, sample));
            case UNIFORM, PRIORITIZED -> drawn(space, filter, sample);
        };
    }

    private static List<Memory> newest(Space space, Filter filter, int size) {
        List<Memory> found = new ArrayList<>(size);
        Scan.Position after = null;
        do {
            Scan.Page page = space.list(new Scan(filter, true, after, PAGE));
            page.memories().stream()
                    .filter(SpaceSamples::isUsable)
                    .limit(size - found.size())
                    .forEach(found::add);
            after = page.next();
        } while (after != null && found.size() < size);
        return found;
    }

    private static List<Memory> similar(Space space, Filter filter, SpaceSample sample) {
        Query like = sample.like();
        if (like == null) {
            throw new InvalidInput("like", "says what the experiences are to be similar to and must be there");
        }
        Recall recall = new Recall(
                like,
                sample.size(),
                java.util.Set.of(),
                filter,
                sample.minScore(),
                Ranking.BY_SIMILARITY,
                java.util.Set.of(),
                false);
        return space.recall(recall).matches().stream()
                .map(Recalled.Match::memory)
                .filter(SpaceSamples::isUsable)
                .toList();
    }

    private List<Drawn> drawn(Space space, Filter filter, SpaceSample sample) {
        ExperiencePool.Contents contents = pool(space, filter).contents(space);
        int count = contents.ids().length;
        if (count == 0) {
            return List.of();
        }
        boolean prioritized = sample.strategy() == SharedReplaySettings.Strategy.PRIORITIZED;
        double[] sums = new double[count];
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += prioritized ? Math.pow(contents.priorities()[i] + 1e-6, sample.alpha()) : 1;
            sums[i] = total;
        }
        RandomGenerator random =
                sample.seed().isPresent() ? new SplittableRandom(sample.seed().getAsLong()) : new SplittableRandom();
        int[] places = new int[sample.size()];
        double least = Double.MAX_VALUE;
        for (int i = 0; i < places.length; i++) {
            int found = Arrays.binarySearch(sums, random.nextDouble() * total);
            places[i] = Math.min(count - 1, found < 0 ? -found - 1 : found + 1);
            least = Math.min(least, mass(sums, places[i]));
        }
        List<String> ids =
                Arrays.stream(places).mapToObj(place -> contents.ids()[place]).toList();
        Map<String, Memory> memories = space.many().get(ids.stream().distinct().toList());
        List<Drawn> drawn = new ArrayList<>(places.length);
        for (int i = 0; i < places.length; i++) {
            Memory memory = memories.get(ids.get(i));
            // One may have been deleted or reduced at this moment.
            if (memory != null && isUsable(memory)) {
                double weight = prioritized ? Math.pow(least / mass(sums, places[i]), sample.beta()) : 1;
                drawn.add(new Drawn(memory, (float) weight));
            }
        }
        return drawn;
    }

    private ExperiencePool pool(Space space, Filter filter) {
        synchronized (pools) {
            return pools.computeIfAbsent(
                    space.name() + ' ' + FilterPrinter.print(filter), key -> new ExperiencePool(filter, WINDOW));
        }
    }

    private static double mass(double[] sums, int place) {
        return place == 0 ? sums[0] : sums[place] - sums[place - 1];
    }

    private static List<Drawn> alike(List<Memory> memories) {
        return memories.stream().map(memory -> new Drawn(memory, 1)).toList();
    }

    /**
     * An experience that was drawn.
     *
     * @param memory with a whole transition in its payload
     * @param weight its importance weight in (0,1], 1 where it was not drawn by priority
     */
    public record Drawn(Memory memory, float weight) {}
}
