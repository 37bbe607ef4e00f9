package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;

import engram.environment.ActionSpace;
import engram.replay.Batch;
import engram.replay.Table;
import engram.replay.TableSettings;
import engram.replay.TransitionShape;
import engram.tensor.Engines;
import engram.tensor.ParameterValues;
import engram.tensor.TensorEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an agent learns from others before it learns from itself. */
class RehearsalTest {
    private static final TransitionShape SHAPE = new TransitionShape(2, 1, 2);
    private static final int START = 40;
    private static final int REHEARSAL = 100;

    private final TensorEngine engine = Engines.cpu();

    @Test
    void learnsFromOthersAloneWhileItsOwnExperienceIsTooLittle() {
        Others others = new Others(true);
        List<LearningStep> learned = new ArrayList<>();
        try (Agent agent = agent(others)) {
            Policy before = agent.policy();
            live(agent, START, learned);
            assertThat(agent.updates()).isBetween(REHEARSAL - 5L, (long) REHEARSAL);
            assertThat(learned).hasSize((int) agent.updates());
            assertThat(learned).allSatisfy(step -> assertThat(step.figures())
                    .containsKey("loss_memory")
                    .doesNotContainKey("loss_local"));
            assertThat(others.told).isEqualTo(learned.size());
            float[] observation = {0.3f, -0.2f};
            assertThat(agent.policy()
                            .decide(observation, null, new float[0], 0, new SeededRandom(1))
                            .values())
                    .isNotEqualTo(before.decide(observation, null, new float[0], 0, new SeededRandom(1))
                            .values());
            learned.clear();
            live(agent, 8, learned);
            assertThat(learned).hasSize(2).allSatisfy(step -> assertThat(step.figures())
                    .containsKeys("loss_local", "loss_memory"));
        }
    }

    @Test
    void isTheSameBitForBitWithAMemoryThatHasNothing() {
        try (Agent alone = agent(null);
                Agent cold = agent(new Others(false))) {
            live(alone, 3 * START, new ArrayList<>());
            live(cold, 3 * START, new ArrayList<>());
            float[] observation = {0.3f, -0.2f};
            assertThat(cold.updates()).isEqualTo(alone.updates()).isPositive();
            assertThat(cold.policy()
                            .decide(observation, null, new float[0], 0, new SeededRandom(1))
                            .values())
                    .containsExactly(alone.policy()
                            .decide(observation, null, new float[0], 0, new SeededRandom(1))
                            .values());
        }
    }

    @Test
    void renewsTheTargetAsOftenForEveryUpdateAsLater() {
        DqnLearner learner = learner();
        List<List<Float>> targets = new ArrayList<>(List.of(target(learner)));
        List<Integer> renewed = new ArrayList<>();
        try (Agent agent = agent(learner, new Others(true))) {
            live(agent, START / 2 - 1, step -> {
                targets.add(target(learner));
                if (!targets.getLast().equals(targets.get(targets.size() - 2))) {
                    renewed.add((int) agent.updates());
                }
            });
        }
        assertThat(renewed).containsExactly(5, 10, 15, 20, 25, 30, 35, 40, 45);
    }

    @Test
    void renewsTheTargetBySteps() {
        DqnLearner learner = learner();
        List<Integer> renewed = new ArrayList<>();
        try (Agent agent = agent(learner, null)) {
            for (int step = 1; step <= 3 * START; step++) {
                List<Float> before = target(learner);
                live(agent, 1, new ArrayList<>());
                if (!target(learner).equals(before)) {
                    renewed.add(step);
                }
            }
        }
        assertThat(renewed).containsExactly(60, 80, 100, 120);
    }

    private static List<Float> target(DqnLearner learner) {
        List<Float> numbers = new ArrayList<>();
        for (ParameterValues.Entry entry : learner.state().network("target").entries()) {
            for (float value : entry.values()) {
                numbers.add(value);
            }
        }
        return numbers;
    }

    private DqnLearner learner() {
        return new DqnLearner(engine, 2, 2, DqnSettings.defaults(), 1);
    }

    private Agent agent(@Nullable MemoryBatches memory) {
        return agent(learner(), memory);
    }

    private static Agent agent(DqnLearner learner, @Nullable MemoryBatches memory) {
        return new OffPolicyAgent(
                learner,
                new ActionSpace.Discrete(2),
                Table.inMemory(TableSettings.uniform(SHAPE, 100)),
                new LearningPlan(
                        new Rhythm(START, 4, 1, 8, 20, Rhythm.Count.STEPS),
                        Schedule.constant(0.1),
                        Schedule.constant(1),
                        1,
                        8,
                        REHEARSAL,
                        1_000),
                memory,
                3);
    }

    private static void live(Agent agent, int steps, List<LearningStep> learned) {
        live(agent, steps, learned::add);
    }

    private static void live(Agent agent, int steps, Consumer<LearningStep> learned) {
        SeededRandom random = new SeededRandom(agent.steps());
        for (int step = 0; step < steps; step++) {
            float[] observation = {random.nextFloat(-1, 1), random.nextFloat(-1, 1)};
            float[] action = agent.explore(observation, null).action();
            agent.observe(
                    new Experience(observation, action, random.nextFloat(), new float[] {0, 1}, false, false, null),
                    learned);
        }
    }

    /** A memory that has the same experience again and again, or nothing. */
    private static final class Others implements MemoryBatches {
        private final boolean known;
        private int told;

        private Others(boolean known) {
            this.known = known;
        }

        @Override
        public boolean draw(Batch batch, Batch own, RandomGenerator random) {
            if (!known) {
                return false;
            }
            batch.resize(batch.capacity());
            for (int row = 0; row < batch.size(); row++) {
                batch.observations()[2 * row] = random.nextFloat();
                batch.rewards()[row] = 1;
                batch.steps()[row] = 1;
                batch.weights()[row] = 1;
                batch.nextActionMasks()[2 * row] = true;
            }
            return true;
        }

        @Override
        public void learned(Batch batch, float[] errors) {
            assertThat(errors).hasSize(batch.size());
            told++;
        }
    }
}
