package engram.agent;

import engram.encoder.NormalizerFiles;
import engram.encoder.NormalizerTrainer;
import engram.encoder.StateNormalizer;
import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.replay.Batch;
import engram.replay.TransitionShape;
import engram.run.Progress;
import engram.tensor.ParameterValues;
import engram.tensor.TensorEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands between an agent's observations and its network: the state normaliser that is kept for its environment, or
 * one that is linear until enough has been seen to train it. A trained one stays as it is. Replay tables hold observations as they were, so nothing in them goes stale. One
 * platform thread.
 */
final class ObservationEncoding {
    /** The name of its numbers in the state of a learner. */
    static final String PART = "normalizer";

    private static final String COLLECTED = "collected";
    private static final String MONITOR = "monitor";
    private static final int MONITORED = 7;
    private static final int WATCH_EVERY = 16;
    private static final float WATCH_SHARE = 0.05f;

    private final TensorEngine engine;
    private final NormalizerUse settings;
    private final @Nullable NormalizerShelf shelf;
    private final int width;
    private final List<float[]> collected = new ArrayList<>();
    private List<String> misfits = List.of();
    private StateNormalizer normalizer;
    private StateNormalizer.Quality quality = StateNormalizer.Quality.NONE;
    private boolean decided;
    private int version;
    private float recentError;
    private int unwatched;

    /**
     * @param width of observations
     * @param shelf where normalisers are kept; null for one of its own
     */
    ObservationEncoding(TensorEngine engine, int width, NormalizerUse settings, @Nullable NormalizerShelf shelf) {
        this.engine = engine;
        this.width = width;
        this.settings = settings;
        this.shelf = settings.stored() ? shelf : null;
        this.normalizer = StateNormalizer.linear("", width);
        this.decided = settings.kind() == NormalizerUse.Kind.LINEAR;
        if (!decided && this.shelf != null) {
            NormalizerFiles.Selection selected = this.shelf.select(settings.threshold());
            misfits = selected.misfits();
            if (selected.version() > 0) {
                use(selected.normalizer());
                version = selected.version();
            }
        }
    }

    /** What encodes now. */
    StateNormalizer normalizer() {
        return normalizer;
    }

    /** Takes in an observation, and trains when there are enough. */
    void seen(float[] observation) {
        if (!decided) {
            if (isFinite(observation)) {
                collected.add(observation.clone());
            }
            if (collected.size() >= settings.trainAfter()) {
                train();
            }
        } else if (normalizer.isTrained() && ++unwatched == WATCH_EVERY) {
            unwatched = 0;
            recentError += WATCH_SHARE * ((float) normalizer.error(observation) - recentError);
        }
    }

    private void train() {
        StateNormalizer trained = new NormalizerTrainer(engine)
                .train(
                        shelf == null ? "" : shelf.environment(),
                        collected.toArray(float[][]::new),
                        settings.training(),
                        Progress.unobserved());
        collected.clear();
        use(trained);
        if (normalizer.isTrained() && shelf != null) {
            version = shelf.keep(trained);
        }
    }

    private void use(StateNormalizer trained) {
        normalizer = trained.orLinear(settings.threshold());
        quality = trained.quality();
        recentError = (float) quality.heldOut();
        decided = true;
    }

    private static boolean isFinite(float[] observation) {
        for (float number : observation) {
            if (!Float.isFinite(number)) {
                return false;
            }
        }
        return true;
    }

    /** How well observations are rebuilt: at the training, and lately. */
    NormalizerReport report() {
        List<String> reasons = new ArrayList<>(misfits);
        if (quality.observations() > 0 && !normalizer.isTrained()) {
            reasons.add("the agent's own rebuilds observations with an error of " + quality.heldOut() + ", more than "
                    + settings.threshold());
        }
        return new NormalizerReport(
                normalizer.isTrained(), version, quality.training(), quality.heldOut(), recentError, reasons);
    }

    /** The same as figures of a step of learning; none before a training. */
    void addTo(Map<String, Double> figures) {
        if (quality.observations() > 0) {
            figures.put("normalizer_trained", normalizer.isTrained() ? 1.0 : 0.0);
            figures.put("normalizer_training_error", quality.training());
            figures.put("normalizer_held_out_error", quality.heldOut());
            figures.put("normalizer_recent_error", (double) recentError);
        }
    }

    /** The same batch with encoded observations; a new one. */
    Batch encoded(Batch raw) {
        TransitionShape shape = raw.shape();
        int rows = raw.size();
        Batch batch = new Batch(
                new TransitionShape(StateNormalizer.WIDTH, shape.actionWidth(), shape.maskWidth()), Math.max(1, rows));
        batch.resize(rows);
        normalizer.encode(raw.observations(), rows, batch.observations());
        normalizer.encode(raw.nextObservations(), rows, batch.nextObservations());
        System.arraycopy(raw.actions(), 0, batch.actions(), 0, rows * shape.actionWidth());
        System.arraycopy(raw.rewards(), 0, batch.rewards(), 0, rows);
        System.arraycopy(raw.terminated(), 0, batch.terminated(), 0, rows);
        System.arraycopy(raw.truncated(), 0, batch.truncated(), 0, rows);
        System.arraycopy(raw.steps(), 0, batch.steps(), 0, rows);
        System.arraycopy(raw.weights(), 0, batch.weights(), 0, rows);
        System.arraycopy(raw.positions(), 0, batch.positions(), 0, rows);
        System.arraycopy(raw.nextActionMasks(), 0, batch.nextActionMasks(), 0, rows * shape.maskWidth());
        return batch;
    }

    private ParameterValues state() {
        List<ParameterValues.Entry> entries =
                new ArrayList<>(normalizer.values().entries());
        float[] waiting = new float[collected.size() * width];
        for (int row = 0; row < collected.size(); row++) {
            System.arraycopy(collected.get(row), 0, waiting, row * width, width);
        }
        entries.add(new ParameterValues.Entry(COLLECTED, List.of(collected.size(), width), waiting));
        entries.add(new ParameterValues.Entry(MONITOR, List.of(MONITORED), new float[] {
            decided ? 1 : 0,
            recentError,
            unwatched,
            version,
            (float) quality.training(),
            (float) quality.heldOut(),
            quality.observations()
        }));
        return new ParameterValues(entries);
    }

    /** The state of a learner with this one's in it. */
    LearnerState addTo(LearnerState learner) {
        Map<String, ParameterValues> networks = new HashMap<>(learner.parameters());
        networks.put(PART, state());
        return new LearnerState(networks, learner.optimizers(), learner.numbers());
    }

    void restore(ParameterValues state) {
        normalizer = read(state, width);
        float[] waiting = state.entry(COLLECTED).values();
        collected.clear();
        for (int at = 0; at < waiting.length; at += width) {
            float[] row = new float[width];
            System.arraycopy(waiting, at, row, 0, width);
            collected.add(row);
        }
        float[] monitor = state.entry(MONITOR).values();
        if (monitor.length != MONITORED) {
            throw new Damaged("the state normaliser of the agent is something else");
        }
        decided = monitor[0] != 0;
        recentError = monitor[1];
        unwatched = (int) monitor[2];
        version = (int) monitor[3];
        quality = new StateNormalizer.Quality(monitor[4], monitor[5], (long) monitor[6]);
        if (normalizer.isTrained()) {
            misfits = List.of();
        }
    }

    /**
     * What encodes, out of its part of a learner's state; needs no PyTorch.
     *
     * @throws InvalidInput if it takes observations of another width
     */
    static StateNormalizer read(ParameterValues state, int width) {
        int stored = state.entry(COLLECTED).shape().getLast();
        if (stored != width) {
            throw new InvalidInput(
                    "observation", "has " + width + " numbers, but the state normaliser of the agent takes " + stored);
        }
        List<ParameterValues.Entry> own = state.entries().stream()
                .filter(entry ->
                        !entry.name().equals(COLLECTED) && !entry.name().equals(MONITOR))
                .toList();
        return own.isEmpty() ? StateNormalizer.linear("", width) : StateNormalizer.of("", new ParameterValues(own));
    }
}
