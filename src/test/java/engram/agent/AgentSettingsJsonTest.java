package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.agent.AgentSettings.Algorithm;
import engram.error.FieldError;
import engram.error.InvalidInput;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentSettingsJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"CartPole-v1", "MountainCar-v0", "Acrobot-v1", "Pendulum-v1", "MountainCarContinuous-v0"})
    void readsWhatItWrites(String environment) {
        AgentSettings tuned = Agents.tunedFor(environment).orElseThrow();
        AgentSettings read =
                AgentSettingsJson.read(AgentSettingsJson.write(tuned), AgentSettings.defaults(tuned.algorithm()));
        assertThat(read.learner()).isEqualTo(tuned.learner());
        assertThat(read.replay()).isEqualTo(tuned.replay());
        assertThat(read.plan().rhythm()).isEqualTo(tuned.plan().rhythm());
        assertThat(read.plan().exploration()).isEqualTo(tuned.plan().exploration());
    }

    @Test
    void leavesAloneWhatIsNotSaid() throws JsonProcessingException {
        AgentSettings defaults = AgentSettings.defaults(Algorithm.DQN);
        assertThat(AgentSettingsJson.read(JSON.readTree("{}"), defaults)).isEqualTo(defaults);
        AgentSettings changed = AgentSettingsJson.read(
                JSON.readTree("{\"learningRate\":{\"shape\":\"cosine\",\"from\":0.01,\"to\":0.001},\"dueling\":true,"
                        + "\"replay\":{\"priority\":0.5},\"network\":{\"activation\":\"leaky-relu\"}}"),
                defaults);
        DqnSettings learner = (DqnSettings) changed.learner();
        assertThat(learner.learningRate()).isEqualTo(new Schedule.Cosine(0.01, 0.001, 1));
        assertThat(learner.dueling()).isTrue();
        assertThat(learner.network().activation()).isEqualTo(Activation.LEAKY_RELU);
        assertThat(learner.network().layers())
                .isEqualTo(defaults.learner().network().layers());
        assertThat(changed.replay().priority()).isEqualTo(0.5);
    }

    @Test
    void readsWhatItWritesOfReinforce() throws JsonProcessingException {
        AgentSettings defaults = AgentSettings.defaults(Algorithm.REINFORCE);
        AgentSettings changed = AgentSettingsJson.read(
                JSON.readTree("{\"recurrence\":{\"kind\":\"gru\",\"width\":32},\"baseline\":{\"kind\":\"none\"},"
                        + "\"entropy\":{\"shape\":\"linear\",\"from\":0.02,\"to\":0},\"normalized\":false,"
                        + "\"episodes\":3,\"longest\":77,\"logDeviation\":-1,\"gradientNorm\":0,"
                        + "\"memory\":{\"remember\":false}}"),
                defaults);
        ReinforceSettings learner = (ReinforceSettings) changed.learner();
        assertThat(learner.recurrence()).isEqualTo(new Recurrence(Recurrence.Kind.GRU, 32));
        assertThat(learner.baseline().kind()).isEqualTo(ReinforceSettings.Baseline.Kind.NONE);
        assertThat(learner.entropy()).isEqualTo(Schedule.linear(0.02, 0, 1));
        assertThat(learner.maximumNorm()).isInfinite();
        assertThat(AgentSettingsJson.read(AgentSettingsJson.write(changed), defaults))
                .isEqualTo(changed);
        assertThatThrownBy(() -> AgentSettingsJson.read(
                        JSON.readTree("{\"replay\":{},\"episodes\":0,\"recurrence\":{\"width\":0},"
                                + "\"network\":{\"dropout\":0.1},\"memory\":{\"learn\":true}}"),
                        defaults))
                .asInstanceOf(InstanceOfAssertFactories.type(InvalidInput.class))
                .extracting(InvalidInput::errors, InstanceOfAssertFactories.list(FieldError.class))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("replay", "network.dropout", "recurrence.width", "memory.learn");
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> AgentSettingsJson.read(
                        JSON.readTree("{\"duelling\":true,\"loss\":\"cubic\",\"every\":0,\"network\":{\"dropout\":2},"
                                + "\"replay\":{\"capacity\":1.5},\"exploration\":{\"shape\":\"linear\",\"until\":0}}"),
                        AgentSettings.defaults(Algorithm.DQN)))
                .asInstanceOf(InstanceOfAssertFactories.type(InvalidInput.class))
                .extracting(InvalidInput::errors, InstanceOfAssertFactories.list(FieldError.class))
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder(
                        "duelling", "loss", "every", "network.dropout", "replay.capacity", "exploration.until");
    }
}
