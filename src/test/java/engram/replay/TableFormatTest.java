package engram.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Damaged;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TableFormatTest {
    private final long seed = Long.getLong("engram.test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final TransitionShape shape =
            new TransitionShape(random.nextInt(1, 7), random.nextInt(1, 4), random.nextInt(3));
    private final RandomTransitions transitions = new RandomTransitions(shape, random);
    private final int capacity = random.nextInt(10, 200);

    @Test
    void goesOnBitForBitFromItsWholeState() throws IOException {
        for (TableSettings settings : everyKind()) {
            Table table = Table.inMemory(settings);
            live(table, new SplittableRandom(1), random.nextInt(0, 3 * capacity));
            Table read = Table.read(in(bytes(table)));
            assertThat(read.settings()).isEqualTo(settings);
            assertThat(bytes(read)).as(what(settings)).isEqualTo(bytes(table));
            assertSameFromHereOn(table, read, settings);
        }
    }

    @Test
    void aWholeStateAndStepsAreTheState() throws IOException {
        for (TableSettings settings : everyKind()) {
            Table table = Table.inMemory(settings);
            live(table, new SplittableRandom(2), random.nextInt(0, 2 * capacity));
            Table followed = Table.read(in(bytes(table)));
            for (int step = 0; step < 5; step++) {
                long since = table.inserted();
                live(table, new SplittableRandom(step), random.nextInt(0, step == 3 ? 3 * capacity : 20));
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                table.writeSince(new DataOutputStream(bytes), since);
                followed.readSince(in(bytes.toByteArray()));
            }
            assertThat(bytes(followed)).as(what(settings)).isEqualTo(bytes(table));
            assertSameFromHereOn(table, followed, settings);
        }
    }

    @Test
    void aStepIsSmall() throws IOException {
        Table table = Table.inMemory(TableSettings.uniform(shape, 10_000));
        live(table, random, 10_000);
        int whole = bytes(table).length;
        long since = table.inserted();
        live(table, random, 100);
        ByteArrayOutputStream step = new ByteArrayOutputStream();
        table.writeSince(new DataOutputStream(step), since);
        assertThat(step.size()).isLessThan(whole / 50);
    }

    @Test
    void tellsDamage() throws IOException {
        for (TableSettings settings : everyKind()) {
            Table table = Table.inMemory(settings);
            live(table, random, capacity + 5);
            byte[] bytes = bytes(table);
            for (int i = 0; i < 200; i++) {
                byte[] flipped = bytes.clone();
                flipped[i < 100 ? i : random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                assertThatThrownBy(() -> Table.read(in(flipped)))
                        .as(what(settings))
                        .isInstanceOf(Damaged.class);
                byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                assertThatThrownBy(() -> Table.read(in(cut))).as(what(settings)).isInstanceOf(Damaged.class);
            }
        }
    }

    @Test
    void takesOnlyTheStepThatFollows() throws IOException {
        Table table = Table.inMemory(TableSettings.uniform(shape, capacity));
        live(table, random, 20);
        byte[] whole = bytes(table);
        ByteArrayOutputStream step = new ByteArrayOutputStream();
        table.writeSince(new DataOutputStream(step), 15);
        Table read = Table.read(in(whole));
        assertThatThrownBy(() -> read.readSince(in(step.toByteArray()))).isInstanceOf(Damaged.class);
        assertThatThrownBy(() -> read.readSince(in(whole))).isInstanceOf(Damaged.class);
        assertThatThrownBy(() -> Table.read(in(step.toByteArray()))).isInstanceOf(Damaged.class);
        assertThatThrownBy(() -> table.writeSince(new DataOutputStream(step), 21))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private List<TableSettings> everyKind() {
        TableSettings uniform = TableSettings.uniform(shape, capacity);
        TableSettings prioritized = TableSettings.prioritized(shape, capacity, 0.6);
        return List.of(
                uniform,
                prioritized.withLimiter(new RateLimiter(2, 5, 20)),
                prioritized.withRemover(new Remover.LowestPriority()),
                uniform.withRemover(new Remover.LowestPriority()),
                uniform.withRemover(new Remover.Uniform(random.nextLong())),
                prioritized.withRemover(new Remover.Uniform(3)),
                uniform.withSampler(new Sampler.Recent(7)),
                uniform.withSampler(new Sampler.Fading(3.5)));
    }

    private void assertSameFromHereOn(Table one, Table other, TableSettings settings) throws IOException {
        long next = random.nextLong();
        String left = new Life(one, next).live(50);
        String right = new Life(other, next).live(50);
        assertThat(right).as(what(settings)).isEqualTo(left);
        assertThat(bytes(other)).as(what(settings)).isEqualTo(bytes(one));
    }

    private void live(Table table, SplittableRandom from, int insertions) {
        Batch batch = new Batch(shape, 4);
        for (int i = 0; i < insertions; i++) {
            table.insert(transitions.next());
            table.sample(batch, 4, 0.4, from);
            table.updatePriorities(batch.positions(), new float[] {0.1f, 2, from.nextFloat(), 0}, 4);
        }
    }

    private static byte[] bytes(Table table) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    private String what(TableSettings settings) {
        return "seed " + seed + ", " + settings;
    }

    /** The same insertions, samples and priorities for every table. */
    private static final class Life {
        private final Table table;
        private final SplittableRandom random;

        Life(Table table, long seed) {
            this.table = table;
            this.random = new SplittableRandom(seed);
        }

        String live(int insertions) {
            TransitionShape shape = table.settings().shape();
            RandomTransitions transitions = new RandomTransitions(shape, random);
            Batch batch = new Batch(shape, 4);
            StringBuilder seen = new StringBuilder();
            for (int i = 0; i < insertions; i++) {
                table.insert(transitions.next());
                table.sample(batch, 4, 0.7, random);
                seen.append(Batches.content(batch));
                table.updatePriorities(batch.positions(), new float[] {random.nextFloat(), 1, 0, 3}, 4);
            }
            return seen.toString();
        }
    }
}
