package engram.training;

import engram.agent.Agent;
import engram.agent.StageTimes.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes what happens in a training where people look for it: TensorBoard events by the names that Stable-Baselines3 uses,
 * and a monitor file. A log that cannot be written any more ends, with one warning; the training goes on. One thread.
 */
public final class TrainingLog implements Consumer<TrainingEvent>, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TrainingLog.class.getName());
    private static final int WINDOW = 100;
    private static final int LEARNING_EVERY = 100;

    private final Agent agent;
    private final TensorBoardFile board;
    private final MonitorFile monitor;
    private final Deque<TrainingEvent.EpisodeEnded> recent = new ArrayDeque<>();
    private final Map<String, double[]> learned = new LinkedHashMap<>();
    private final long firstStep;
    private final long began = System.nanoTime();
    private boolean broken;

    /**
     * @param directory of this training's logs; created if absent
     * @param environment the name of the environment
     */
    public TrainingLog(Path directory, String environment, Agent agent, InstantSource clock) throws IOException {
        this.agent = agent;
        this.firstStep = agent.steps();
        this.board = new TensorBoardFile(directory, clock);
        this.monitor = new MonitorFile(directory, environment, clock.instant());
    }

    @Override
    public void accept(TrainingEvent event) {
        if (broken) {
            return;
        }
        try {
            switch (event) {
                case TrainingEvent.EpisodeEnded episode -> episode(episode);
                case TrainingEvent.Learned learning -> learned(learning);
                case TrainingEvent.Evaluated evaluated -> {
                    board.scalar(
                            "eval/mean_reward",
                            event.step(),
                            evaluated.evaluation().mean());
                    board.scalar(
                            "eval/mean_ep_length",
                            event.step(),
                            evaluated.evaluation().meanLength());
                }
                case TrainingEvent.Saved _, TrainingEvent.NotSaved _ -> {}
            }
        } catch (IOException e) {
            broken = true;
            LOG.log(System.Logger.Level.WARNING, "the log of the training ends here: {0}", e.toString());
        }
    }

    private void episode(TrainingEvent.EpisodeEnded episode) throws IOException {
        recent.addLast(episode);
        if (recent.size() > WINDOW) {
            recent.removeFirst();
        }
        monitor.episode(episode.sum(), episode.length(), episode.seconds());
        long step = episode.step();
        board.scalar("rollout/ep_rew_mean", step, mean(true));
        board.scalar("rollout/ep_len_mean", step, mean(false));
        board.scalar("rollout/exploration_rate", step, episode.exploration());
        board.scalar("time/episodes", step, (double) episode.number());
        board.scalar("time/fps", step, (step - firstStep) / ((System.nanoTime() - began) * 1e-9));
        Runtime runtime = Runtime.getRuntime();
        board.scalar("system/heap_megabytes", step, (runtime.totalMemory() - runtime.freeMemory()) / 1e6);
        for (Map.Entry<Stage, Double> share : agent.times().shares().entrySet()) {
            board.scalar("profile/" + share.getKey().label(), step, share.getValue());
        }
    }

    private double mean(boolean returns) {
        return recent.stream()
                .mapToDouble(each -> returns ? each.sum() : each.length())
                .average()
                .orElseThrow();
    }

    /** Means of some updates: every single one would make the file larger than the network. */
    private void learned(TrainingEvent.Learned learning) throws IOException {
        learning.learning().figures().forEach((name, value) -> {
            double[] sum = learned.computeIfAbsent(name, _ -> new double[2]);
            sum[0] += value;
            sum[1]++;
        });
        if (learning.updates() % LEARNING_EVERY == 0) {
            for (Map.Entry<String, double[]> figure : learned.entrySet()) {
                board.scalar("train/" + figure.getKey(), learning.step(), figure.getValue()[0] / figure.getValue()[1]);
            }
            board.scalar("train/n_updates", learning.step(), (double) learning.updates());
            learned.clear();
        }
    }

    @Override
    public void close() throws IOException {
        try (board) {
            monitor.close();
        }
    }
}
