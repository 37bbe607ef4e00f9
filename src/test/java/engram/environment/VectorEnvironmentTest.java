package engram.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorEnvironmentTest {
    private static final int SIZE = 3;

    /** Plain instances beside the vector, stepped by hand in the way the mode describes. */
    @ParameterizedTest
    @EnumSource
    void everyRowIsAnEnvironmentOfItsOwn(AutoReset mode) {
        for (String name : List.of("CartPole-v1", "Pendulum-v1", "MountainCarContinuous-v0")) {
            for (boolean wrapped : new boolean[] {false, true}) {
                VectorEnvironment vector = wrapped
                        ? VectorEnvironment.of(List.of(new Wrapped(name), new Wrapped(name), new Wrapped(name)), mode)
                        : Environments.makeVector(name, SIZE, mode);
                compare(vector, name, mode);
            }
        }
    }

    private static void compare(VectorEnvironment vector, String name, AutoReset mode) {
        Environment[] plain = new Environment[SIZE];
        Arrays.setAll(plain, i -> Environments.make(name));
        boolean[] due = new boolean[SIZE];
        int width = vector.observations().width();
        int actionWidth = vector.actions().width();
        VectorStep result = vector.reset(11L);
        for (int row = 0; row < SIZE; row++) {
            assertThat(row(result.observations(), row, width))
                    .isEqualTo(plain[row].reset(11L + row).observation());
            assertThat(result.began()[row]).isTrue();
        }
        SplittableRandom random = new SplittableRandom(1);
        int finished = 0;
        for (int i = 0; i < 1500; i++) {
            float[] actions = new float[SIZE * actionWidth];
            for (int row = 0; row < SIZE; row++) {
                vector.actions().flatten(vector.actions().sample(random), actions, row * actionWidth);
            }
            result = vector.step(actions);
            for (int row = 0; row < SIZE; row++) {
                float[] seen = row(result.observations(), row, width);
                assertThat(result.began()[row]).isEqualTo(due[row]);
                if (due[row]) {
                    assertThat(seen).isEqualTo(plain[row].reset((Long) null).observation());
                    assertThat(result.rewards()[row]).isZero();
                    assertThat(result.finished(row)).isFalse();
                    due[row] = false;
                    continue;
                }
                Step step = plain[row].step(vector.actions().unflatten(actions, row * actionWidth));
                assertThat(result.rewards()[row]).isEqualTo(step.reward());
                assertThat(result.terminated()[row]).isEqualTo(step.terminated());
                assertThat(result.truncated()[row]).isEqualTo(step.truncated());
                if (step.finished()) {
                    finished++;
                    assertThat(row(result.finalObservations(), row, width)).isEqualTo(step.observation());
                }
                if (step.finished() && mode == AutoReset.SAME_STEP) {
                    assertThat(seen).isEqualTo(plain[row].reset((Long) null).observation());
                } else {
                    assertThat(seen).isEqualTo(step.observation());
                    due[row] = step.finished();
                }
            }
        }
        assertThat(finished).isGreaterThan(2);
    }

    @Test
    void aVectorIsCheckedBeforeAnythingHappens() {
        VectorEnvironment vector = Environments.makeVector("CartPole-v1", 2, AutoReset.NEXT_STEP);
        assertThatThrownBy(() -> vector.step(new float[2])).isInstanceOf(Conflict.class);
        float[] before = vector.reset(1L).observations().clone();
        assertThatThrownBy(() -> vector.step(new float[3]))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("actions: has 3 numbers");
        assertThatThrownBy(() -> vector.step(new float[] {1, 2}))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("actions[1]: is 2");
        Environment plain = Environments.make("CartPole-v1");
        plain.reset(1L);
        assertThat(vector.step(new float[] {1, 1}).observations())
                .isNotEqualTo(before)
                .startsWith(plain.step(Action.discrete(1)).observation());
        assertThatThrownBy(() -> Environments.makeVector("CartPole-v1", 0, AutoReset.NEXT_STEP))
                .isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> VectorEnvironment.of(
                        List.of(Environments.make("CartPole-v1"), Environments.make("Acrobot-v1")),
                        AutoReset.SAME_STEP))
                .hasMessageStartingWith("members: have different spaces");
    }

    @ParameterizedTest
    @EnumSource
    void aSavedVectorGoesOn(AutoReset mode) throws IOException {
        VectorEnvironment one = Environments.makeVector("CartPole-v1", SIZE, mode);
        VectorEnvironment other = Environments.makeVector("CartPole-v1", SIZE, mode);
        one.reset(4L);
        SplittableRandom random = new SplittableRandom(2);
        boolean finished = false;
        while (!finished) {
            VectorStep step = one.step(actions(random));
            finished = step.finished(0) || step.finished(1);
        }
        byte[] saved = EnvironmentsTest.saved((Savable) one);
        ((Savable) other).restore(new DataInputStream(new ByteArrayInputStream(saved)));
        for (int i = 0; i < 200; i++) {
            float[] actions = actions(random);
            assertThat(other.step(actions).observations())
                    .isEqualTo(one.step(actions).observations());
        }
    }

    /** Pendulum episodes have 200 steps; row 1 cannot begin its second one for a while. */
    @ParameterizedTest
    @EnumSource
    void whileOneIsAwayTheOthersGoOn(AutoReset mode) {
        Wrapped unsteady = new Wrapped("Pendulum-v1");
        VectorEnvironment vector = VectorEnvironment.of(List.of(new Wrapped("Pendulum-v1"), unsteady), mode);
        vector.reset(1L);
        unsteady.away = true;
        VectorStep step = vector.step(new float[2]);
        for (int i = 1; i < 200; i++) {
            step = vector.step(new float[2]);
        }
        assertThat(step.truncated()).containsExactly(true, true);
        for (int i = 0; i < 3; i++) {
            step = vector.step(new float[] {0, 99});
            assertThat(step.began()[1]).isTrue();
            assertThat(step.infos()[1].faulty()).isTrue();
            assertThat(step.infos()[0].faulty()).isFalse();
            assertThat(step.rewards()[1]).isZero();
            assertThat(step.finished(1)).isFalse();
        }
        assertThat(step.rewards()[0]).isNegative();
        unsteady.away = false;
        step = vector.step(new float[] {0, 99});
        assertThat(step.began()).containsExactly(false, true);
        assertThat(step.infos()[1].faulty()).isFalse();
        assertThat(vector.step(new float[2]).rewards()[1]).isNegative();
    }

    @Test
    void whenAllAreAwayTheVectorIs() {
        Wrapped unsteady = new Wrapped("Pendulum-v1");
        VectorEnvironment vector = VectorEnvironment.of(List.of(unsteady), AutoReset.NEXT_STEP);
        unsteady.away = true;
        assertThatThrownBy(() -> vector.reset(1L)).isInstanceOf(Unavailable.class);
        unsteady.away = false;
        vector.reset(1L);
        for (int i = 0; i < 200; i++) {
            vector.step(new float[1]);
        }
        unsteady.away = true;
        assertThatThrownBy(() -> vector.step(new float[1])).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> vector.step(new float[1])).isInstanceOf(Unavailable.class);
        unsteady.away = false;
        assertThat(vector.step(new float[1]).began()[0]).isTrue();
    }

    @Test
    void builtInStepsAllocateNothing() {
        VectorEnvironment vector = Environments.makeVector("CartPole-v1", 8, AutoReset.NEXT_STEP);
        float[] actions = new float[8];
        vector.reset(1L);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 20_000; i++) {
            vector.step(actions);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20_000; i++) {
            vector.step(actions);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000);
    }

    private static float[] actions(SplittableRandom random) {
        float[] actions = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            actions[i] = random.nextInt(2);
        }
        return actions;
    }

    private static float[] row(float[] values, int row, int width) {
        return Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }

    /** A built-in environment that does not look like one. */
    private static final class Wrapped implements Environment {
        private final Environment inner;
        private boolean away;

        Wrapped(String name) {
            inner = Environments.make(name);
        }

        @Override
        public ObservationSpace observations() {
            return inner.observations();
        }

        @Override
        public ActionSpace actions() {
            return inner.actions();
        }

        @Override
        public Reset reset(ResetOptions options) {
            if (away) {
                throw new Unavailable("gone for lunch", Duration.ofSeconds(1));
            }
            return inner.reset(options);
        }

        @Override
        public Step step(Action action) {
            return inner.step(action);
        }
    }
}
