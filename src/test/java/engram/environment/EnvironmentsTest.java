package engram.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.error.NotFound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnvironmentsTest {
    static Stream<String> names() {
        return Environments.specs().stream().map(EnvironmentSpec::name);
    }

    @Test
    void thereAreFive() {
        assertThat(names())
                .containsExactly(
                        "CartPole-v1", "Acrobot-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1");
        assertThatThrownBy(() -> Environments.make("CartPole-v9")).isInstanceOf(NotFound.class);
    }

    @ParameterizedTest
    @MethodSource("names")
    void spacesLimitsAndThresholdsAreGymnasiums(String name) {
        Recording recording = Recording.read(name);
        EnvironmentSpec spec = Environments.spec(name);
        assertThat(spec.timeLimit())
                .isEqualTo(recording.header().get("timeLimit").intValue());
        assertThat(spec.rewardThreshold()).isEqualTo(recording.rewardThreshold());
        assertThat(spec.observations())
                .isEqualTo(new ObservationSpace(
                        bounds(recording.header().get("low"), Float.NEGATIVE_INFINITY),
                        bounds(recording.header().get("high"), Float.POSITIVE_INFINITY)));
        JsonNode actions = recording.header().get("actions");
        assertThat(spec.actions())
                .isEqualTo(
                        actions.isInt()
                                ? new ActionSpace.Discrete(actions.intValue())
                                : new ActionSpace.Box(bounds(actions.get(0), 0), bounds(actions.get(1), 0)));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aSeedDecidesEverythingAndNoneGoesOn(String name) {
        Environment one = Environments.make(name);
        Environment other = Environments.make(name);
        assertThat(one.reset(5L).observation()).isEqualTo(other.reset(5L).observation());
        float[] second = one.reset((Long) null).observation();
        assertThat(second).isEqualTo(other.reset((Long) null).observation());
        assertThat(second).isNotEqualTo(one.reset(5L).observation());
        assertThat(Environments.make(name).reset((Long) null).observation())
                .as("never seeded")
                .isNotEqualTo(Environments.make(name).reset((Long) null).observation());
    }

    @ParameterizedTest
    @MethodSource("names")
    void aStateIsTakenAndAWrongOneRefused(String name) {
        ClassicControl task = (ClassicControl) Environments.make(name);
        double[] state = new double[task.state.length];
        state[0] = -0.25;
        task.reset(ResetOptions.at(state));
        assertThat(task.state).isEqualTo(state).isNotSameAs(state);
        assertThatThrownBy(() -> task.reset(ResetOptions.at(new double[7])))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("state: has 7 numbers");
        assertThatThrownBy(() -> ResetOptions.at(Double.NaN)).hasMessageStartingWith("state: ");
        assertThatThrownBy(() -> ResetOptions.of(-1L)).hasMessageStartingWith("seed: is -1");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aStepNeedsAnEpisodeAndAnActionOfTheSpace(String name) {
        Environment environment = Environments.make(name);
        Action action = environment.actions().sample(new SplittableRandom(1));
        assertThatThrownBy(() -> environment.step(action)).isInstanceOf(Conflict.class);
        environment.reset(1L);
        Action wrong =
                environment.actions() instanceof ActionSpace.Discrete ? Action.discrete(3) : Action.continuous(2.5f);
        assertThatThrownBy(() -> environment.step(wrong))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("action: ");
        Step step;
        do {
            step = environment.step(environment.actions().sample(new SplittableRandom(1)));
        } while (!step.finished());
        assertThatThrownBy(() -> environment.step(action)).isInstanceOf(Conflict.class);
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatIsSavedGoesOnAsIfNothingHadHappened(String name) throws IOException {
        for (int steps : new int[] {0, 1, 3, 9}) {
            ClassicControl one = (ClassicControl) Environments.make(name);
            SplittableRandom random = new SplittableRandom(3);
            one.reset(steps == 1 ? ResetOptions.at(new double[one.state.length]) : ResetOptions.of(3L));
            for (int i = 0; i < steps && i < 8; i++) {
                one.step(one.actions().sample(random));
            }
            byte[] saved = saved(one);
            ClassicControl other = (ClassicControl) Environments.make(name);
            other.restore(new DataInputStream(new ByteArrayInputStream(saved)));
            for (int i = 0; i < 30; i++) {
                Action action = one.actions().sample(random);
                Step expected = one.step(action);
                Step actual = other.step(action);
                assertThat(actual.observation()).isEqualTo(expected.observation());
                assertThat(actual.reward()).isEqualTo(expected.reward());
                assertThat(actual.finished()).isEqualTo(expected.finished());
                if (expected.finished()) {
                    assertThat(other.reset((Long) null).observation())
                            .isEqualTo(one.reset((Long) null).observation());
                }
            }
            assertThat(saved(other)).isEqualTo(saved(one));
        }
    }

    @Test
    void whatAnotherEnvironmentSavedIsRefused() throws IOException {
        byte[] saved = saved((Savable) Environments.make("Pendulum-v1"));
        assertThatThrownBy(() -> ((Savable) Environments.make("CartPole-v1"))
                        .restore(new DataInputStream(new ByteArrayInputStream(saved))))
                .isInstanceOf(Damaged.class);
    }

    static byte[] saved(Savable savable) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        savable.save(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static float[] bounds(JsonNode values, float unbounded) {
        float[] bounds = new float[values.size()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = values.get(i).isNull() ? unbounded : values.get(i).floatValue();
        }
        return bounds;
    }
}
