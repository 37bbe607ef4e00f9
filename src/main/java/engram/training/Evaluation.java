package engram.training;

import engram.agent.Decision;
import engram.agent.Policy;
import engram.agent.SeededRandom;
import engram.environment.Environment;
import engram.environment.Reset;
import engram.environment.Step;
import engram.error.InvalidInput;
import engram.run.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a policy reached in some episodes without exploring.
 *
 * @param returns the sum of rewards of every episode
 * @param lengths the number of steps of every episode
 */
public record Evaluation(List<Double> returns, List<Integer> lengths) {
    private static final int MOST_EPISODES = 10_000;
    /** Episodes that the environment broke off and that are begun again, before they count as they are. */
    private static final int MOST_BROKEN = 10;

    public Evaluation {
        returns = List.copyOf(returns);
        lengths = List.copyOf(lengths);
    }

    /**
     * Lets a policy act. The same seed begins the same episodes.
     *
     * @param environment used by nobody else meanwhile
     * @param episodes 1 to 10,000
     * @param seed of the first episode; each later one has the next number
     * @param progress asked between steps whether to go on
     */
    public static Evaluation of(Policy policy, Environment environment, int episodes, long seed, Progress progress) {
        if (episodes < 1 || episodes > MOST_EPISODES) {
            throw new InvalidInput("episodes", "is " + episodes + ", but must be 1 to " + MOST_EPISODES);
        }
        SeededRandom random = new SeededRandom(seed);
        List<Double> returns = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>();
        int broken = 0;
        while (returns.size() < episodes) {
            int episode = returns.size();
            Reset reset = environment.reset(Math.floorMod(seed + episode, 1L << 32));
            float[] observation = reset.observation();
            boolean[] mask = reset.info().actionMask();
            float[] carried = policy.start(random);
            double sum = 0;
            int length = 0;
            boolean finished = false;
            boolean faulty = false;
            while (!finished) {
                progress.checkCancelled();
                Decision decision = policy.decide(observation, mask, carried, 0, random);
                Step step = environment.step(environment.actions().unflatten(decision.action(), 0));
                sum += step.reward();
                length++;
                observation = step.observation();
                mask = step.info().actionMask();
                finished = step.finished();
                faulty = step.info().faulty();
            }
            if (faulty && ++broken <= MOST_BROKEN) {
                // What the environment broke off says nothing of the policy.
                continue;
            }
            returns.add(sum);
            lengths.add(length);
        }
        return new Evaluation(returns, lengths);
    }

    /** The mean return. */
    public double mean() {
        return returns.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The standard deviation of the returns (of the population, as NumPy computes it). */
    public double standardDeviation() {
        double mean = mean();
        return Math.sqrt(returns.stream()
                .mapToDouble(each -> (each - mean) * (each - mean))
                .average()
                .orElseThrow());
    }

    /** The mean number of steps. */
    public double meanLength() {
        return lengths.stream().mapToInt(Integer::intValue).average().orElseThrow();
    }
}
