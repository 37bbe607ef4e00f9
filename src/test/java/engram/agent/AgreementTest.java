package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;

import engram.environment.Action;
import engram.environment.ActionSpace;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.environment.Step;
import engram.replay.Batch;
import engram.replay.TransitionShape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementTest {
    private static final int OTHERS = Agreement.OTHERS;
    private static final float[] PUSHES = {1, -2, 2, -1};

    @ParameterizedTest
    @ValueSource(strings = {"CartPole-v1", "MountainCar-v0", "Acrobot-v1", "Pendulum-v1", "MountainCarContinuous-v0"})
    void othersOfTheSameWorldAgreeHoweverTheyAct(String name) {
        for (int seed = 1; seed <= 3; seed++) {
            assertThat(between(name, lived(name, seed, 64, 0), lived(name, 90 + seed, 20_000, 0.9)))
                    .isGreaterThan(0.6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CartPole-v1", "MountainCar-v0", "Acrobot-v1", "Pendulum-v1", "MountainCarContinuous-v0"})
    void othersOfAnotherWorldDoNot(String name) {
        for (int seed = 1; seed <= 3; seed++) {
            List<Experience> own = lived(name, seed, 64, 0);
            List<Experience> others = lived(name, 90 + seed, 20_000, 0.9);
            assertThat(between(name, own, chance(others, seed))).isLessThan(0.1);
            assertThat(between(name, own, backwards(others))).isLessThan(0.2);
        }
    }

    @Test
    void asksWhatFollowedTheSameAction() {
        List<Experience> others = pushed(9, 4_000, 1);
        assertThat(agreement(true, pushed(1, 64, 1), others)).isGreaterThan(0.8);
        assertThat(agreement(true, pushed(1, 64, -1), others)).isLessThan(0.1);
    }

    /** A wide world in which the action alone says what follows, one way or the other. */
    private static List<Experience> pushed(long seed, int steps, float way) {
        SeededRandom random = new SeededRandom(seed);
        List<Experience> lived = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            int action = random.nextInt(PUSHES.length);
            float[] observation = numbers(40, random);
            float[] next = observation.clone();
            for (int i = 0; i < next.length; i++) {
                next[i] += way * PUSHES[action];
            }
            lived.add(new Experience(observation, new float[] {action}, 0, next, false, false, null));
        }
        return lived;
    }

    @Test
    void waitsForEnoughOwnSteps() {
        Agreement agreement = new Agreement(true);
        for (Experience step : lived("CartPole-v1", 1, 31, 0)) {
            agreement.lived(step);
        }
        assertThat(agreement.isReady()).isFalse();
        agreement.lived(lived("CartPole-v1", 2, 1, 0).getFirst());
        assertThat(agreement.isReady()).isTrue();
    }

    private static double between(String name, List<Experience> own, List<Experience> others) {
        try (Environment like = Environments.make(name)) {
            return agreement(like.actions() instanceof ActionSpace.Discrete, own, others);
        }
    }

    private static double agreement(boolean discrete, List<Experience> own, List<Experience> others) {
        Agreement agreement = new Agreement(discrete);
        own.forEach(agreement::lived);
        int wide = own.getFirst().observation().length;
        int acting = own.getFirst().action().length;
        Batch batch = new Batch(new TransitionShape(wide, acting, discrete ? 2 : 0), OTHERS);
        batch.resize(OTHERS);
        SeededRandom random = new SeededRandom(5);
        for (int row = 0; row < OTHERS; row++) {
            Experience step = others.get(random.nextInt(others.size()));
            System.arraycopy(step.observation(), 0, batch.observations(), row * wide, wide);
            System.arraycopy(step.next(), 0, batch.nextObservations(), row * wide, wide);
            System.arraycopy(step.action(), 0, batch.actions(), row * acting, acting);
            batch.rewards()[row] = (float) step.reward();
        }
        return agreement.with(batch);
    }

    /** What a life of random actions sees, each of which is taken again with a chance. */
    private static List<Experience> lived(String name, long seed, int steps, double again) {
        List<Experience> lived = new ArrayList<>();
        SeededRandom random = new SeededRandom(seed);
        try (Environment environment = Environments.make(name)) {
            float[] observation = environment.reset(seed).observation();
            Action action = environment.actions().sample(random);
            while (lived.size() < steps) {
                action = random.nextFloat() < again
                        ? action
                        : environment.actions().sample(random);
                Step step = environment.step(action);
                lived.add(new Experience(
                        observation,
                        environment.actions().flatten(action),
                        step.reward(),
                        step.observation(),
                        step.terminated(),
                        step.truncated(),
                        null));
                observation = step.finished() ? environment.reset((Long) null).observation() : step.observation();
            }
        }
        return lived;
    }

    /** A world in which nothing follows from anything. */
    private static List<Experience> chance(List<Experience> like, long seed) {
        SeededRandom random = new SeededRandom(seed);
        return like.stream()
                .map(step -> new Experience(
                        numbers(step.observation().length, random),
                        step.action(),
                        random.nextFloat(-1, 1),
                        numbers(step.observation().length, random),
                        false,
                        false,
                        null))
                .toList();
    }

    /** A world in which everything happens the other way round. */
    private static List<Experience> backwards(List<Experience> like) {
        return like.stream()
                .map(step -> new Experience(
                        step.next(), step.action(), step.reward(), step.observation(), false, false, null))
                .toList();
    }

    private static float[] numbers(int width, SeededRandom random) {
        float[] numbers = new float[width];
        for (int i = 0; i < width; i++) {
            numbers[i] = random.nextFloat(-1, 1);
        }
        return numbers;
    }
}
