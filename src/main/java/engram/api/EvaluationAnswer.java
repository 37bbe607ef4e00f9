package engram.api;

import engram.training.Evaluation;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an agent earned. */
@Schema(name = "Evaluation", description = "What an agent earned without exploring")
record EvaluationAnswer(
        @Schema(required = true, description = "The mean return")
        double mean,

        @Schema(required = true, description = "The standard deviation of the returns, of the population")
        double standardDeviation,

        @Schema(required = true, description = "The sum of rewards of every episode")
        List<Double> returns,

        @Schema(required = true, description = "The number of steps of every episode")
        List<Integer> lengths) {
    static EvaluationAnswer of(Evaluation evaluation) {
        return new EvaluationAnswer(
                evaluation.mean(), evaluation.standardDeviation(), evaluation.returns(), evaluation.lengths());
    }
}
