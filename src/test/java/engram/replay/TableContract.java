package engram.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import engram.error.InvalidInput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every table must keep to that removes the oldest row first. Randomised from a seed that a failure prints. */
abstract class TableContract {
    private final long seed = Long.getLong("engram.test.seed", System.nanoTime());
    protected final SplittableRandom random = new SplittableRandom(seed);
    private final TransitionShape shape =
            new TransitionShape(random.nextInt(1, 11), random.nextInt(1, 4), random.nextInt(3));
    private final int capacity = random.nextInt(20, 300);
    private final RandomTransitions transitions = new RandomTransitions(shape, random);
    private final List<Table> open = new ArrayList<>();

    /** A new, empty table. */
    protected abstract Table create(TableSettings settings);

    @AfterEach
    final void close() {
        open.forEach(Table::close);
    }

    @Test
    final void holdsTheNewestRowsAsTheyWereInserted() {
        Table table = open(TableSettings.uniform(shape, capacity));
        Deque<String> model = new ArrayDeque<>();
        Batch batch = new Batch(shape, 16);
        for (int i = 0; i < 3 * capacity; i++) {
            Transition transition = transitions.next();
            table.insert(transition);
            model.addLast(Batches.content(transition));
            if (model.size() > capacity) {
                model.removeFirst();
            }
            if (i % 17 == 0 || i == 3 * capacity - 1) {
                table.sample(batch, 16, 1, random);
                for (int row = 0; row < 16; row++) {
                    assertThat(model).as(what()).contains(Batches.content(Batches.row(batch, row)));
                }
            }
        }
        assertThat(table.size()).as(what()).isEqualTo(capacity);
        assertThat(table.inserted()).as(what()).isEqualTo(3L * capacity);
        assertThat(seen(table, 40 * capacity)).as(what()).isEqualTo(new HashSet<>(model));
    }

    @Test
    final void keepsNothingOfARowThatDoesNotFit() {
        Table table = open(TableSettings.uniform(shape, capacity));
        Transition good = transitions.next();
        float[] wide = new float[shape.observationWidth() + 1];
        float[] broken = good.nextObservation().clone();
        broken[broken.length - 1] = Float.NaN;
        assertThatThrownBy(() -> table.insert(wide, good.action(), 0, good.nextObservation(), false, false))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("observation: ");
        assertThatThrownBy(() -> table.insert(good.observation(), good.action(), 0, broken, false, false))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("nextObservation[" + (broken.length - 1) + "]");
        assertThatThrownBy(() -> table.insert(
                        good.observation(), good.action(), Float.POSITIVE_INFINITY, broken.clone(), false, false))
                .isInstanceOf(InvalidInput.class);
        assertThat(table.size()).isZero();
        assertThat(table.canSample(1)).isFalse();
        assertThatThrownBy(() -> table.sample(new Batch(shape, 1), 1, 1, random))
                .isInstanceOf(IllegalStateException.class);
        table.insert(good);
        assertThat(table.canSample(1)).isTrue();
        assertThat(seen(table, 1)).containsExactly(Batches.content(good));
    }

    @Test
    final void drawsByPriorityAndWeighsAgainstIt() {
        int rows = capacity / 2;
        double alpha = 0.7;
        Table table = open(TableSettings.prioritized(shape, capacity, alpha));
        Map<String, Double> mass = new HashMap<>();
        double total = 0;
        Batch one = new Batch(shape, 1);
        float[] priority = new float[1];
        for (int i = 0; i < rows; i++) {
            Transition transition = transitions.next();
            table.insert(transition);
            // Just inserted, it has the highest priority: find it by its nearest observation.
            table.sampleSimilar(one, 1, transition.observation(), capacity, random);
            priority[0] = i % 3 == 0 ? 0 : random.nextFloat();
            table.updatePriorities(one.positions(), priority, 1);
            double share = Math.pow(priority[0] + 1e-6f, alpha);
            mass.put(Batches.content(transition), share);
            total += share;
        }
        Batch batch = new Batch(shape, 64);
        Map<String, Integer> drawn = new HashMap<>();
        int draws = 2_000;
        for (int i = 0; i < draws; i++) {
            table.sample(batch, 64, 0.5, random);
            double least = Double.MAX_VALUE;
            for (int row = 0; row < 64; row++) {
                least = Math.min(least, mass.getOrDefault(Batches.content(Batches.row(batch, row)), Double.NaN));
            }
            for (int row = 0; row < 64; row++) {
                String content = Batches.content(Batches.row(batch, row));
                drawn.merge(content, 1, Integer::sum);
                assertThat(batch.weights()[row])
                        .as(what())
                        .isCloseTo((float) Math.sqrt(least / mass.getOrDefault(content, Double.NaN)), within(1e-4f));
            }
        }
        for (Map.Entry<String, Double> row : mass.entrySet()) {
            double expected = 64.0 * draws * row.getValue() / total;
            assertThat((double) drawn.getOrDefault(row.getKey(), 0))
                    .as(what())
                    .isCloseTo(expected, within(6 * Math.sqrt(expected) + 3));
        }
    }

    @Test
    final void passesOverPrioritiesOfRowsThatAreGone() {
        Table table = open(TableSettings.prioritized(shape, capacity, 1));
        table.insert(transitions.next());
        Batch batch = new Batch(shape, 64);
        table.sample(batch, 1, 1, random);
        long[] gone = {batch.positions()[0]};
        for (int i = 0; i < capacity; i++) {
            table.insert(transitions.next());
        }
        table.updatePriorities(gone, new float[] {1e6f}, 1);
        table.sample(batch, 64, 1, random);
        assertThat(batch.weights()).as(what()).containsOnly(1);
        assertThat(Arrays.stream(batch.positions()).distinct().count())
                .as(what())
                .isGreaterThan(1);
        assertThatThrownBy(() -> table.updatePriorities(batch.positions(), new float[] {1, Float.NaN}, 2))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("priorities[1]");
    }

    @Test
    final void findsTheNearestExactly() {
        Table table = open(TableSettings.uniform(shape, capacity));
        Deque<Transition> model = new ArrayDeque<>();
        for (int i = 0; i < capacity + 7; i++) {
            Transition transition = transitions.next();
            table.insert(transition);
            model.addLast(transition);
        }
        while (model.size() > capacity) {
            model.removeFirst();
        }
        float[] like = transitions.numbers(shape.observationWidth());
        Batch batch = new Batch(shape, 10);
        table.sampleSimilar(batch, 10, like, Integer.MAX_VALUE, random);
        List<String> nearest = model.stream()
                .sorted(Comparator.comparingDouble(row -> SquaredDistance.of(like, row.observation(), 0)))
                .limit(10)
                .map(Batches::content)
                .toList();
        assertThat(contents(batch)).as(what()).isEqualTo(nearest);
        table.sampleSimilar(batch, 10, like, 4, random);
        assertThat(new HashSet<>(contents(batch))).as(what()).hasSize(4);
    }

    @Test
    final void drawsRecentRowsOnly() {
        int window = random.nextInt(1, 15);
        Table table = open(TableSettings.uniform(shape, capacity).withSampler(new Sampler.Recent(window)));
        Table fading = open(TableSettings.uniform(shape, capacity).withSampler(new Sampler.Fading(5)));
        List<String> inserted = new ArrayList<>();
        for (int i = 0; i < capacity + 9; i++) {
            Transition transition = transitions.next();
            table.insert(transition);
            fading.insert(transition);
            inserted.add(Batches.content(transition));
        }
        assertThat(seen(table, 100 * window))
                .as(what())
                .isEqualTo(new HashSet<>(inserted.subList(inserted.size() - window, inserted.size())));
        int newest = 0;
        Batch batch = new Batch(shape, 50);
        Set<String> last = new HashSet<>(inserted.subList(inserted.size() - 5, inserted.size()));
        for (int i = 0; i < 100; i++) {
            fading.sample(batch, 50, 1, random);
            newest += (int) contents(batch).stream().filter(last::contains).count();
        }
        assertThat(newest / 5_000.0).as(what()).isCloseTo(0.5, within(0.1));
    }

    @Test
    final void givesTheSameBatchesForTheSameSeed() {
        TableSettings settings = TableSettings.prioritized(shape, capacity, 0.6);
        Table one = open(settings);
        Table other = open(settings);
        SplittableRandom first = new SplittableRandom(7);
        SplittableRandom second = new SplittableRandom(7);
        Batch left = new Batch(shape, 8);
        Batch right = new Batch(shape, 8);
        for (int i = 0; i < 2 * capacity; i++) {
            Transition transition = transitions.next();
            one.insert(transition);
            other.insert(transition);
            one.sample(left, 8, 0.4, first);
            other.sample(right, 8, 0.4, second);
            assertThat(Batches.content(left)).as(what()).isEqualTo(Batches.content(right));
            one.updatePriorities(left.positions(), left.rewards(), 0);
            float[] priorities = transitions.numbers(8);
            for (int k = 0; k < 8; k++) {
                priorities[k] = Math.abs(priorities[k]);
            }
            one.updatePriorities(left.positions(), priorities, 8);
            other.updatePriorities(right.positions(), priorities, 8);
        }
    }

    @Test
    final void asksForARatioOfSamplesToInsertions() {
        Table table = open(TableSettings.uniform(shape, capacity).withLimiter(new RateLimiter(4, 10, 8)));
        Batch batch = new Batch(shape, 4);
        long sampled = 0;
        for (int turn = 0; turn < 200; turn++) {
            assertThat(table.canInsert(1) || table.canSample(4)).as(what()).isTrue();
            if (table.canSample(4) && (random.nextBoolean() || !table.canInsert(1))) {
                table.sample(batch, 4, 1, random);
                sampled += 4;
            } else {
                table.insert(transitions.next());
            }
            long above = (table.inserted() - 10) * 4 - sampled;
            assertThat(above).as(what()).isLessThanOrEqualTo(8);
            if (sampled > 0) {
                assertThat(above).as(what()).isGreaterThanOrEqualTo(-8);
            }
        }
        assertThat(table.sampled()).isEqualTo(sampled).isPositive();
    }

    protected final Table open(TableSettings settings) {
        Table table = create(settings);
        open.add(table);
        return table;
    }

    /** The rows that come in so many draws. */
    protected final Set<String> seen(Table table, int draws) {
        Set<String> seen = new HashSet<>();
        Batch batch = new Batch(table.settings().shape(), 1);
        for (int i = 0; i < draws; i++) {
            table.sample(batch, 1, 1, random);
            seen.addAll(contents(batch));
        }
        return seen;
    }

    protected final String what() {
        return "seed " + seed + ", " + shape + ", capacity " + capacity;
    }

    private static List<String> contents(Batch batch) {
        List<String> contents = new ArrayList<>();
        for (int row = 0; row < batch.size(); row++) {
            contents.add(Batches.content(Batches.row(batch, row)));
        }
        return contents;
    }
}
