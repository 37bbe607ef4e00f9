package engram.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Damaged;
import engram.error.InvalidInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NStepTest {
    private final long seed = Long.getLong("engram.test.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final TransitionShape shape = new TransitionShape(3, 2, 2);
    private final RandomTransitions transitions = new RandomTransitions(shape, random);

    @Test
    void foldsAsTheDefinitionSays() {
        for (int trial = 0; trial < 50; trial++) {
            int n = random.nextInt(1, 8);
            double gamma = random.nextDouble();
            Table table = Table.inMemory(TableSettings.uniform(shape, 1_000));
            NStep folding = new NStep(n, gamma, table);
            List<String> expected = new ArrayList<>();
            for (int episode = 0; episode < 5; episode++) {
                List<Transition> steps = episode(random.nextInt(1, 20), random.nextInt(3));
                steps.forEach(folding::step);
                folding.flush();
                for (int start = 0; start < steps.size(); start++) {
                    expected.add(Batches.content(folded(steps, start, n, gamma)));
                }
            }
            assertThat(inOrder(table)).as("seed " + seed).isEqualTo(expected);
            assertThat(folding.pending()).isZero();
        }
    }

    @Test
    void passesARowOnAsSoonAsItIsWhole() {
        Table table = Table.inMemory(TableSettings.uniform(shape, 100));
        NStep folding = new NStep(3, 0.9, table);
        List<Transition> steps = episode(6, 2);
        for (int i = 0; i < 6; i++) {
            folding.step(steps.get(i));
            assertThat(table.size()).isEqualTo(Math.max(0, i - 1));
        }
        folding.clear();
        folding.flush();
        assertThat(table.size()).isEqualTo(4);
    }

    @Test
    void goesOnFromItsSavedState() throws IOException {
        Table table = Table.inMemory(TableSettings.uniform(shape, 100));
        NStep folding = new NStep(4, 0.9, table);
        List<Transition> steps = episode(9, 0);
        steps.subList(0, 6).forEach(folding::step);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        folding.write(new DataOutputStream(bytes));
        int before = table.size();
        steps.subList(6, 9).forEach(folding::step);
        Table other = Table.inMemory(table.settings());
        NStep resumed = new NStep(4, 0.9, other);
        resumed.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        steps.subList(6, 9).forEach(resumed::step);
        List<String> whole = inOrder(table);
        assertThat(inOrder(other)).as("seed " + seed).isEqualTo(whole.subList(before, whole.size()));
        byte[] broken = bytes.toByteArray();
        broken[random.nextInt(broken.length)] ^= 1;
        assertThatThrownBy(() -> resumed.read(new DataInputStream(new ByteArrayInputStream(broken))))
                .isInstanceOf(Damaged.class);
    }

    @Test
    void takesSingleStepsOnly() {
        NStep folding = new NStep(2, 0.9, Table.inMemory(TableSettings.uniform(shape, 10)));
        assertThatThrownBy(() -> folding.step(withSteps(transitions.next(), 2, false, false)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("steps");
    }

    /** The end: 0 terminated, 1 truncated, 2 none. */
    private List<Transition> episode(int length, int end) {
        List<Transition> steps = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            boolean last = i == length - 1;
            steps.add(withSteps(transitions.next(), 1, last && end == 0, last && end == 1));
        }
        return steps;
    }

    private static Transition withSteps(Transition from, int steps, boolean terminated, boolean truncated) {
        return new Transition(
                from.observation(),
                from.action(),
                from.reward(),
                from.nextObservation(),
                terminated,
                truncated,
                steps,
                Objects.requireNonNull(from.nextActionMask()));
    }

    private static Transition folded(List<Transition> steps, int start, int n, double gamma) {
        int end = Math.min(start + n, steps.size());
        double reward = 0;
        double discount = 1;
        for (int i = start; i < end; i++) {
            reward += discount * steps.get(i).reward();
            discount *= gamma;
        }
        Transition last = steps.get(end - 1);
        return new Transition(
                steps.get(start).observation(),
                steps.get(start).action(),
                (float) reward,
                last.nextObservation(),
                last.terminated(),
                last.truncated(),
                end - start,
                Objects.requireNonNull(last.nextActionMask()));
    }

    /** The rows of a table that has not been full yet, in the order of their insertion. */
    private List<String> inOrder(Table table) {
        Batch batch = new Batch(shape, table.size());
        table.sampleSimilar(batch, table.size(), new float[3], Integer.MAX_VALUE, random);
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            rows.add(i);
        }
        rows.sort((a, b) -> Long.compare(batch.positions()[a], batch.positions()[b]));
        return rows.stream()
                .map(row -> Batches.content(Batches.row(batch, row)))
                .toList();
    }
}
