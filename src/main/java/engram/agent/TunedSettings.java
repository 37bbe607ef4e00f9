package engram.agent;

import java.util.Map;
import java.util.Optional;

/**
 * Settings that are known to solve a task: the tuned ones of rl-baselines3-zoo (hyperparams/dqn.yml and sac.yml of version
 * 2.7), where Q-learners in addition learn doubly from returns of five steps, at a rate that falls to nothing. Without
 * those, policies that had solved CartPole kept losing it again, and with the zoo's exploration of MountainCarContinuous
 * some learners found the goal too late ({@code benchmarks/RESULTS.md}).
 */
final class TunedSettings {
    private static final double LAST_RATE = 1e-5;
    private static final int FOLDED_STEPS = 5;
    private static final Map<String, AgentSettings> BY_ENVIRONMENT = Map.of(
            "CartPole-v1",
                    dqn(
                            2.3e-3,
                            0.99,
                            100_000,
                            new Rhythm(1_000, 256, 128, 64, 10, Rhythm.Count.STEPS),
                            0.04,
                            0.16,
                            50_000),
            "MountainCar-v0",
                    dqn(4e-3, 0.98, 10_000, new Rhythm(1_000, 16, 8, 128, 600, Rhythm.Count.STEPS), 0.07, 0.2, 120_000),
            "Acrobot-v1",
                    dqn(
                            6.3e-4,
                            0.99,
                            50_000,
                            new Rhythm(1_000, 4, 4, 128, 250, Rhythm.Count.STEPS),
                            0.1,
                            0.12,
                            100_000),
            "LunarLander-v3",
                    dqn(
                            6.3e-4,
                            0.99,
                            50_000,
                            new Rhythm(1_000, 4, 4, 128, 250, Rhythm.Count.STEPS),
                            0.1,
                            0.12,
                            100_000),
            "Pendulum-v1", pendulum(),
            "MountainCarContinuous-v0", mountainCarContinuous());

    private TunedSettings() {}

    static Optional<AgentSettings> of(String environment) {
        return Optional.ofNullable(BY_ENVIRONMENT.get(environment));
    }

    private static AgentSettings dqn(
            double learningRate,
            double discount,
            int capacity,
            Rhythm rhythm,
            double lowestExploration,
            double explores,
            long horizon) {
        return new AgentSettings(
                new DqnSettings(
                        NetworkSettings.of(256, 256),
                        true,
                        false,
                        QLoss.HUBER,
                        Schedule.linear(learningRate, LAST_RATE, 1),
                        discount,
                        10,
                        1),
                new LearningPlan(
                        rhythm,
                        Schedule.linear(1, lowestExploration, explores),
                        Schedule.linear(0.4, 1, 1),
                        FOLDED_STEPS,
                        rhythm.batch(),
                        LearningPlan.USUAL_REHEARSAL,
                        horizon),
                new AgentSettings.ReplaySettings(capacity, 0),
                MemorySettings.defaults());
    }

    private static AgentSettings pendulum() {
        SacSettings defaults = SacSettings.defaults();
        return new AgentSettings(
                new SacSettings(
                        defaults.network(),
                        Schedule.constant(1e-3),
                        defaults.discount(),
                        defaults.blend(),
                        defaults.maximumNorm(),
                        defaults.temperature(),
                        true,
                        defaults.smooth()),
                sac(new Rhythm(100, 1, 1, 256, 1, Rhythm.Count.UPDATES), 20_000),
                new AgentSettings.ReplaySettings(1_000_000, 0),
                MemorySettings.defaults());
    }

    private static AgentSettings mountainCarContinuous() {
        return new AgentSettings(
                new SacSettings(
                        NetworkSettings.of(64, 64),
                        Schedule.constant(3e-4),
                        0.9999,
                        0.01,
                        Double.POSITIVE_INFINITY,
                        0.1,
                        false,
                        new SacSettings.SmoothExploration(true, -2.5, 32)),
                sac(new Rhythm(0, 32, 32, 512, 1, Rhythm.Count.UPDATES), 50_000),
                new AgentSettings.ReplaySettings(50_000, 0),
                MemorySettings.defaults());
    }

    private static LearningPlan sac(Rhythm rhythm, long horizon) {
        return new LearningPlan(
                rhythm,
                Schedule.constant(1),
                Schedule.linear(0.4, 1, 1),
                1,
                rhythm.batch(),
                LearningPlan.USUAL_REHEARSAL,
                horizon);
    }
}
