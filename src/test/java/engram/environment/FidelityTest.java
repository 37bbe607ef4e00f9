package engram.environment;

import static org.assertj.core.api.Assertions.assertThat;

import engram.environment.Recording.Episode;
import engram.environment.Recording.Seeding;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The built-in environments against what Gymnasium did. Sines and cosines of Java and of the C library differ in the last
 * bit for about one angle in a thousand on x86-64; elsewhere Java computes them in another way.
 */
class FidelityTest {
    private static final boolean SAME_MACHINE = System.getProperty("os.arch").equals("amd64");

    @ParameterizedTest
    @ValueSource(strings = {"CartPole-v1", "Acrobot-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1"})
    void theSameSeedGivesTheSameInitialStates(String name) {
        Recording recording = Recording.read(name);
        assertThat(recording.seedings()).hasSize(9);
        for (Seeding seeding : recording.seedings()) {
            ClassicControl task = make(name);
            double[] states = new double[seeding.initials().length];
            int width = task.state.length;
            for (int i = 0; i * width < states.length; i++) {
                task.reset(i == 0 ? seeding.seed() : null);
                System.arraycopy(task.state, 0, states, i * width, width);
            }
            assertThat(states).as("seed %d", seeding.seed()).isEqualTo(seeding.initials());
        }
    }

    /**
     * Each step is taken from the recorded state, so that a last bit does not grow. The observations, the rewards and the
     * flags are the same; of the states' numbers at most the given share differs.
     */
    @ParameterizedTest
    @CsvSource({
        "CartPole-v1, 0.001, 0",
        "Acrobot-v1, 0.005, 0",
        "MountainCar-v0, 0.001, 0",
        "MountainCarContinuous-v0, 0, 0",
        // NumPy squares with the C library's pow and powf, which are one unit off for one number in a thousand; the
        // torque
        // is squared in single precision, and one unit of a thousandth of 4 is 4.7e-10.
        "Pendulum-v1, 0.001, 4.7e-10"
    })
    void everyStepIsTheSame(String name, double differing, double rewardTolerance) {
        ClassicControl task = make(name);
        int numbers = 0;
        int different = 0;
        int differentRewards = 0;
        for (Episode episode : Recording.read(name).episodes()) {
            float[] first = begin(task, episode);
            assertThat(first).as("first observation").isEqualTo(episode.first());
            assertThat(task.state).as("initial state").isEqualTo(episode.initial());
            int states = task.state.length;
            int width = first.length;
            for (int i = 0; i < episode.rewards().length; i++) {
                Step step = task.step(task.actions()
                        .unflatten(episode.actions(), i * task.actions().width()));
                boolean last = i == episode.rewards().length - 1;
                assertThat(step.observation())
                        .as("observation %d", i)
                        .isEqualTo(Arrays.copyOfRange(episode.observations(), i * width, (i + 1) * width));
                assertThat(Math.abs(step.reward() - episode.rewards()[i]))
                        .as("reward %d: %s, %s", i, step.reward(), episode.rewards()[i])
                        .isLessThanOrEqualTo(rewardTolerance);
                differentRewards += step.reward() == episode.rewards()[i] ? 0 : 1;
                assertThat(step.terminated()).as("terminated %d", i).isEqualTo(last && episode.terminated());
                assertThat(step.truncated()).as("truncated %d", i).isEqualTo(last && episode.truncated());
                for (int j = 0; j < states; j++) {
                    numbers++;
                    different += task.state[j] == episode.states()[i * states + j] ? 0 : 1;
                }
                System.arraycopy(episode.states(), i * states, task.state, 0, states);
            }
        }
        assertThat(differentRewards).isLessThanOrEqualTo(4);
        assertThat(different).as("of %d numbers", numbers).isLessThanOrEqualTo((int) (differing * numbers));
    }

    /** Nothing is put right on the way. On the kind of machine that recorded, not one bit of an observation differs. */
    @ParameterizedTest
    @CsvSource({
        "CartPole-v1, 1e-3",
        "Acrobot-v1, 1e-3",
        "MountainCar-v0, 1e-7",
        "MountainCarContinuous-v0, 0",
        "Pendulum-v1, 1e-6"
    })
    void wholeEpisodesStayTogether(String name, double elsewhere) {
        ClassicControl task = make(name);
        for (Episode episode : Recording.read(name).episodes()) {
            int width = begin(task, episode).length;
            double worst = 0;
            for (int i = 0; i < episode.rewards().length; i++) {
                Step step = task.step(task.actions()
                        .unflatten(episode.actions(), i * task.actions().width()));
                for (int j = 0; j < width; j++) {
                    worst = Math.max(worst, Math.abs(step.observation()[j] - episode.observations()[i * width + j]));
                }
                boolean last = i == episode.rewards().length - 1;
                assertThat(step.terminated()).isEqualTo(last && episode.terminated());
                assertThat(step.truncated()).isEqualTo(last && episode.truncated());
            }
            assertThat(worst).isLessThanOrEqualTo(SAME_MACHINE ? 0 : elsewhere);
        }
    }

    private static ClassicControl make(String name) {
        return (ClassicControl) Environments.make(name);
    }

    private static float[] begin(ClassicControl task, Episode episode) {
        return task.reset(ResetOptions.of(episode.seed(), episode.given())).observation();
    }
}
