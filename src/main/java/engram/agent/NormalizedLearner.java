package engram.agent;

import engram.replay.Batch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A learner that sees encoded observations, while tables, memory and whoever acts by its policy hold raw ones. */
final class NormalizedLearner implements Learner {
    private final Learner inner;
    private final ObservationEncoding encoding;
    private @Nullable NormalizedPolicy policy;

    /**
     * @param inner of encoded observations, handed over
     */
    NormalizedLearner(Learner inner, ObservationEncoding encoding) {
        this.inner = inner;
        this.encoding = encoding;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Learners hand out the same object until they learn again.
    public Policy policy() {
        NormalizedPolicy now = policy;
        if (now == null || now.inner() != inner.policy() || now.normalizer() != encoding.normalizer()) {
            now = new NormalizedPolicy(encoding.normalizer(), inner.policy());
            policy = now;
        }
        return now;
    }

    @Override
    public double discount() {
        return inner.discount();
    }

    @Override
    public void seen(float[] observation) {
        encoding.seen(observation);
    }

    @Override
    public Optional<NormalizerReport> normalizer() {
        return Optional.of(encoding.report());
    }

    @Override
    public LearningStep learn(Batch local, @Nullable Batch memory, double done) {
        LearningStep step =
                inner.learn(encoding.encoded(local), memory == null ? null : encoding.encoded(memory), done);
        Map<String, Double> figures = new LinkedHashMap<>(step.figures());
        encoding.addTo(figures);
        return new LearningStep(figures, step.errors(), step.memoryErrors());
    }

    @Override
    public void renewTarget() {
        inner.renewTarget();
    }

    @Override
    public LearnerState state() {
        return encoding.addTo(inner.state());
    }

    @Override
    public void restore(LearnerState state) {
        encoding.restore(state.network(ObservationEncoding.PART));
        inner.restore(state);
        policy = null;
    }

    @Override
    public void close() {
        inner.close();
    }
}
