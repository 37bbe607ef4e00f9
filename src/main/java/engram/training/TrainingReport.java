package engram.training;

import engram.agent.Agent;
import engram.agent.LearningStep;
import engram.run.Progress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns what happens in a training into the progress of its run and into its result. One thread. */
final class TrainingReport implements Consumer<TrainingEvent> {
    private static final int WINDOW = 100;
    private static final long REPORT_EVERY = 250_000_000L;

    private final Agent agent;
    private final TrainingSettings settings;
    private final Progress progress;
    private final long firstStep;
    private final long began = System.nanoTime();
    private final Deque<Double> returns = new ArrayDeque<>();
    private long reported = began - REPORT_EVERY;
    private long episodes;
    private long failedCheckpoints;
    private @Nullable Evaluation evaluation;
    private double best = Double.NEGATIVE_INFINITY;
    private @Nullable LearningStep learning;

    TrainingReport(Agent agent, TrainingSettings settings, Progress progress) {
        this.agent = agent;
        this.settings = settings;
        this.progress = progress;
        this.firstStep = agent.steps();
    }

    @Override
    public void accept(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.EpisodeEnded episode -> {
                episodes++;
                returns.addLast(episode.sum());
                if (returns.size() > WINDOW) {
                    returns.removeFirst();
                }
            }
            case TrainingEvent.Learned learned -> learning = learned.learning();
            case TrainingEvent.Evaluated evaluated -> {
                evaluation = evaluated.evaluation();
                best = Math.max(best, evaluated.evaluation().mean());
            }
            case TrainingEvent.NotSaved _ -> failedCheckpoints++;
            case TrainingEvent.Saved _ -> {}
        }
        if (System.nanoTime() - reported >= REPORT_EVERY) {
            report();
        }
    }

    private void report() {
        reported = System.nanoTime();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("steps", (double) agent.steps());
        metrics.put("updates", (double) agent.updates());
        metrics.put("episodes", (double) episodes);
        metrics.put("exploration", agent.exploration());
        metrics.put("stepsPerSecond", stepsPerSecond());
        Double mean = returnMean();
        if (mean != null) {
            metrics.put("returnMean", mean);
        }
        Evaluation last = evaluation;
        if (last != null) {
            metrics.put("evaluationMean", last.mean());
            metrics.put("best", best);
        }
        LearningStep step = learning;
        if (step != null) {
            step.figures().forEach((name, value) -> metrics.put(camel(name), value));
        }
        if (failedCheckpoints > 0) {
            metrics.put("failedCheckpoints", (double) failedCheckpoints);
        }
        agent.times().shares().forEach((stage, share) -> metrics.put("time." + stage.label(), share));
        progress.report(
                Math.min(1, (double) agent.steps() / settings.steps()),
                String.format(
                        Locale.ROOT,
                        "%,d of %,d steps%s%s, %,.0f steps/s",
                        agent.steps(),
                        settings.steps(),
                        mean == null ? "" : String.format(Locale.ROOT, ", return %.1f", mean),
                        last == null ? "" : String.format(Locale.ROOT, ", best evaluation %.1f", best),
                        stepsPerSecond()),
                metrics);
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (String word : name.split("_", -1)) {
            camel.append(camel.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return camel.toString();
    }

    TrainingResult result() {
        report();
        return new TrainingResult(
                agent.steps(),
                episodes,
                returnMean(),
                evaluation,
                evaluation == null ? null : best,
                seconds(),
                stepsPerSecond(),
                agent.times().shares(),
                agent.times().bottleneck(),
                failedCheckpoints,
                agent.normalizer());
    }

    private @Nullable Double returnMean() {
        return returns.isEmpty()
                ? null
                : returns.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private double seconds() {
        return (System.nanoTime() - began) * 1e-9;
    }

    private double stepsPerSecond() {
        return (agent.steps() - firstStep) / Math.max(seconds(), 1e-9);
    }
}
