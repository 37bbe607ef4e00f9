package engram.training;

import engram.agent.NormalizerReport;
import engram.agent.StageTimes.Stage;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a training came to.
 *
 * @param steps how many steps the agent has learned from in all
 * @param episodes how many episodes ended in this process
 * @param returnMean the mean return of the last 100 of them at most; null without any
 * @param evaluation the last evaluation; null without any
 * @param best the mean return of the best evaluation; null without any
 * @param seconds how long it took in this process
 * @param stepsPerSecond in this process
 * @param profile the share of each stage in the time
 * @param bottleneck the stage that took the most
 * @param failedCheckpoints how many checkpoints could not be written
 * @param normalizer how observations are brought to the network; empty where it sees them as they are
 */
public record TrainingResult(
        long steps,
        long episodes,
        @Nullable Double returnMean,
        @Nullable Evaluation evaluation,
        @Nullable Double best,
        double seconds,
        double stepsPerSecond,
        Map<Stage, Double> profile,
        Stage bottleneck,
        long failedCheckpoints,
        Optional<NormalizerReport> normalizer) {}
