package engram.training;

import engram.agent.Agent;
import engram.agent.DqnLearner;
import engram.agent.DqnSettings;
import engram.agent.LearningPlan;
import engram.agent.NetworkSettings;
import engram.agent.OffPolicyAgent;
import engram.agent.QLoss;
import engram.agent.Rhythm;
import engram.agent.SacLearner;
import engram.agent.SacSettings;
import engram.agent.Schedule;
import engram.agent.StatePart;
import engram.environment.ActionSpace;
import engram.environment.Environment;
import engram.environment.Environments;
import engram.replay.Table;
import engram.replay.TableSettings;
import engram.replay.TransitionShape;
import engram.run.Progress;
import engram.tensor.TensorEngine;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Small agents, and what tests do with them. */
final class Trainings {
    static final String CART_POLE = "CartPole-v1";
    static final String PENDULUM = "Pendulum-v1";

    private Trainings() {}

    static Agent agent(TensorEngine engine, String environment, long seed) {
        try (Environment like = Environments.make(environment)) {
            int width = like.observations().width();
            return switch (like.actions()) {
                case ActionSpace.Discrete actions -> {
                    DqnSettings settings = new DqnSettings(
                            NetworkSettings.of(16),
                            true,
                            true,
                            QLoss.HUBER,
                            Schedule.linear(0.01, 0.001, 1),
                            0.99,
                            10,
                            1);
                    TransitionShape shape = TransitionShape.of(width, 1);
                    yield new OffPolicyAgent(
                            new DqnLearner(engine, width, actions.count(), settings, seed),
                            actions,
                            Table.inMemory(TableSettings.prioritized(shape, 300, 0.6)),
                            plan(new Rhythm(50, 4, 2, 16, 20, Rhythm.Count.STEPS)),
                            null,
                            seed);
                }
                case ActionSpace.Box actions -> {
                    SacSettings settings = new SacSettings(
                            NetworkSettings.of(16),
                            Schedule.constant(0.001),
                            0.99,
                            0.01,
                            Double.POSITIVE_INFINITY,
                            0.2,
                            true,
                            new SacSettings.SmoothExploration(true, -1, 8));
                    yield new OffPolicyAgent(
                            new SacLearner(engine, width, actions, settings, seed),
                            actions,
                            Table.inMemory(TableSettings.uniform(TransitionShape.of(width, actions.width()), 300)),
                            plan(new Rhythm(50, 2, 1, 16, 1, Rhythm.Count.UPDATES)),
                            null,
                            seed);
                }
            };
        }
    }

    private static LearningPlan plan(Rhythm rhythm) {
        return new LearningPlan(rhythm, Schedule.linear(1, 0.1, 0.5), Schedule.linear(0.4, 1, 1), 3, 8, 0, 1_000);
    }

    /** Everything an agent is, as bytes. */
    static byte[] bytes(Agent agent) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (StatePart part : agent.parts()) {
                part.write(new DataOutputStream(bytes));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A number for everything an agent is. */
    static int digest(Agent agent) {
        return Arrays.hashCode(bytes(agent));
    }

    /** A progress that is cancelled as soon as the condition holds. */
    static Progress cancelledWhen(BooleanSupplier condition) {
        return new Progress() {
            @Override
            public void report(double fraction, String message, Map<String, Double> metrics) {}

            @Override
            public void checkCancelled() {
                if (condition.getAsBoolean()) {
                    throw new CancellationException();
                }
            }
        };
    }
}
