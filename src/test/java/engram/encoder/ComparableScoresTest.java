package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** One state kept in all three tiers scores within 0.05 of itself, whatever is asked. */
class ComparableScoresTest {
    private static final double TOLERANCE = 0.05;
    private final Encoder encoder = new RandomProjectionEncoder(512, 1, RecordedStates.reference());

    @Test
    void holdsForRecordedStatesAndActions() {
        for (var recorded : List.of(RecordedStates.gathering(), RecordedStates.gatheringActions())) {
            float[][] states = RecordedStates.values(recorded);
            assertThat(largestGap(states, 100_000, new Random(3))).isLessThan(TOLERANCE);
        }
    }

    @Test
    void isExactForRecordedObservations() {
        for (String environment : RecordedStates.ENVIRONMENTS) {
            float[][] states = RecordedStates.values(RecordedStates.environment(environment));
            try (Encoder own = new RandomProjectionEncoder(512, 1, new float[512])) {
                assertThat(ScoreCalibration.largestGap(
                                own::score, ScoreCalibration.Sample.of(own, states, 10_000, new SplitMix(3))))
                        .as(environment)
                        .isLessThan(1e-6);
            }
        }
    }

    @Property(tries = 40)
    void holdsForRandomStates(
            @ForAll long seed, @ForAll @IntRange(max = 16) int side, @ForAll @IntRange(max = 60) int undeclared) {
        Random random = new Random(seed);
        List<float[]> states = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            states.add(RecordedStates.random(random, side, undeclared));
        }
        assertThat(largestGap(states.toArray(float[][]::new), 1_000, random)).isLessThan(TOLERANCE);
    }

    @Property
    void distancesThatDifferByAFactorOfTwoDifferLittleInScore(@ForAll long seed) {
        Random random = new Random(seed);
        double distance = Math.exp(random.nextDouble(-12, 12));
        double factor = random.nextDouble(1, 2.2);
        double near = ScoreScale.ISOMETRIC.score(Resolution.FULL, distance);
        double far = ScoreScale.ISOMETRIC.score(Resolution.ABSTRACT, distance * factor);
        assertThat(near - far).isBetween(0.0, TOLERANCE);
    }

    @Test
    void scalesEachResolution() {
        ScoreScale scale = new ScoreScale(2, 3, 4, 0.5, 16);
        assertThat(scale.score(Resolution.FULL, 6)).isEqualTo(scale.score(Resolution.COMPRESSED, 4));
        assertThat(scale.score(Resolution.FULL, 6)).isEqualTo(scale.score(Resolution.ABSTRACT, 3));
        assertThat(scale.distance(Resolution.ABSTRACT, 0)).isPositive().isInfinite();
        assertThat(scale.distance(Resolution.ABSTRACT, 1)).isZero();
        assertThat(scale.score(Resolution.FULL, -1e-9)).isEqualTo(1);
        assertThatThrownBy(() -> new ScoreScale(1, 0, 1, 1, 1)).isInstanceOf(InvalidInput.class);
        assertThatThrownBy(() -> new ScoreScale(1, 1, Double.NaN, 1, 1)).isInstanceOf(InvalidInput.class);
    }

    private double largestGap(float[][] states, int pairs, Random random) {
        return ScoreCalibration.largestGap(
                encoder::score, ScoreCalibration.Sample.of(encoder, states, pairs, new SplitMix(random.nextLong())));
    }
}
