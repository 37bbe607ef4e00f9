package engram.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryTableTest extends TableContract {
    private static final TransitionShape SHAPE = TransitionShape.of(1, 1);

    @Override
    protected Table create(TableSettings settings) {
        return Table.inMemory(settings);
    }

    @Test
    void removesTheLowestPriority() {
        Table table = open(TableSettings.uniform(SHAPE, 5).withRemover(new Remover.LowestPriority()));
        Batch batch = new Batch(SHAPE, 5);
        for (int i = 0; i < 5; i++) {
            insert(table, i);
        }
        float[] priorities = {5, 3, 0.5f, 4, 2};
        table.sampleSimilar(batch, 5, new float[] {-1}, 5, random);
        table.updatePriorities(batch.positions(), priorities, 5);
        insert(table, 5); // goes to the place of 2
        insert(table, 6); // of 4, for 5 got the highest priority, 5
        insert(table, 7); // of 1
        assertThat(observations(table)).as(what()).isEqualTo(Set.of(0f, 3f, 5f, 6f, 7f));
    }

    @Test
    void removesAnyRowByChance() {
        Table table = open(TableSettings.uniform(SHAPE, 50).withRemover(new Remover.Uniform(random.nextLong())));
        Table again = open(table.settings());
        for (int i = 0; i < 150; i++) {
            insert(table, i);
            insert(again, i);
        }
        Set<Float> left = observations(table);
        assertThat(left).as(what()).hasSize(50).isEqualTo(observations(again));
        assertThat(left.stream().filter(row -> row < 100).count()).as(what()).isBetween(6L, 34L);
    }

    @Test
    void recentRowsNeedTheirOrder() {
        assertThatThrownBy(() -> TableSettings.uniform(SHAPE, 5)
                        .withSampler(new Sampler.Recent(2))
                        .withRemover(new Remover.LowestPriority()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void insert(Table table, int number) {
        table.insert(new float[] {number}, new float[1], 0, new float[1], false, false);
    }

    private Set<Float> observations(Table table) {
        Batch batch = new Batch(SHAPE, table.size());
        table.sampleSimilar(batch, table.size(), new float[1], Integer.MAX_VALUE, random);
        Set<Float> observations = new HashSet<>();
        for (float observation : batch.observations()) {
            observations.add(observation);
        }
        return observations;
    }
}
