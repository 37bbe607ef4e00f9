package engram.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SumTreeTest {
    private final long seed = Long.getLong("engram.test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void findsWhereAShareFalls() {
        for (int capacity : new int[] {1, 2, 15, 16, 17, 255, 256, 257, 4_097, random.nextInt(1, 10_000)}) {
            SumTree tree = new SumTree(capacity);
            SumTree made = new SumTree(capacity);
            float[] weights = new float[capacity];
            for (int i = 0; i < 3 * capacity; i++) {
                int slot = random.nextInt(capacity);
                weights[slot] = random.nextInt(4) == 0 ? 0 : random.nextInt(1, 100);
                tree.set(slot, weights[slot]);
            }
            weights[capacity - 1] = 1;
            tree.set(capacity - 1, 1);
            double total = 0;
            for (int slot = 0; slot < capacity; slot++) {
                made.setLeaf(slot, weights[slot]);
                if (weights[slot] > 0) {
                    assertThat(find(tree, total)).as(what(capacity)).isEqualTo(slot);
                    assertThat(find(tree, total + weights[slot] - 0.5))
                            .as(what(capacity))
                            .isEqualTo(slot);
                }
                total += weights[slot];
            }
            assertThat(tree.total()).as(what(capacity)).isEqualTo((float) total);
            made.addUp();
            assertThat(made.total()).as(what(capacity)).isEqualTo((float) total);
            assertThat(find(made, total / 2)).as(what(capacity)).isEqualTo(find(tree, total / 2));
        }
    }

    @Test
    void neverFindsAWeightOfZeroAndDoesNotDrift() {
        SumTree tree = new SumTree(1_000);
        float[] weights = new float[1_000];
        for (int i = 0; i < 200_000; i++) {
            int slot = random.nextInt(1_000);
            weights[slot] = slot % 2 == 0 ? 0 : (float) Math.pow(10, random.nextDouble(-12, 12));
            tree.set(slot, weights[slot]);
        }
        for (int slot = 0; slot < 1_000; slot++) {
            weights[slot] = slot % 2 == 0 ? 0 : 1e-9f;
            tree.set(slot, weights[slot]);
        }
        assertThat(tree.total()).as(what(1_000)).isCloseTo(5e-7f, within(1e-12f));
        for (int i = 0; i < 10_000; i++) {
            int found = find(tree, tree.total() * random.nextDouble());
            assertThat(weights[found]).as(what(1_000)).isPositive();
        }
        assertThat(find(tree, tree.total() * 1.001)).isEqualTo(999);
        assertThatThrownBy(() -> find(new SumTree(20), 0)).isInstanceOf(IllegalStateException.class);
    }

    private static int find(SumTree tree, double share) {
        long[] slot = {-1};
        tree.find(new double[] {share}, slot, 1);
        return (int) slot[0];
    }

    private String what(int capacity) {
        return "seed " + seed + ", capacity " + capacity;
    }
}
