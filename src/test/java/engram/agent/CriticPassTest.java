package engram.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import engram.tensor.Engines;
import engram.tensor.Initialization;
import engram.tensor.ParameterValues;
import engram.tensor.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lower of two critics, and how it changes with the action. */
class CriticPassTest {
    private static final float[] OBSERVED = {0.5f, -1};
    private static final float[] ACTION = {0.25f};

    @Test
    void followsTheLowerCriticAndWhereBothAreEqualTheirMean() {
        assertThat(slope(3, 0, 5, 0.1f)).isCloseTo(-3, within(1e-6f));
        assertThat(slope(3, 0.1f, 5, -2)).isCloseTo(-5, within(1e-6f));
        // torch.minimum shares the slope of equals: both say 1 here, with slopes of 2 and 4.
        assertThat(slope(2, 0.5f, 4, 0)).isCloseTo(-3, within(1e-6f));
    }

    /** The slope of −worth by the action for two straight lines in it. */
    private static float slope(float firstSlope, float firstOffset, float secondSlope, float secondOffset) {
        List<DenseLayers> critics = List.of(line("first"), line("second"));
        List<ParameterValues.Entry> entries = new ArrayList<>();
        entries.addAll(values("first", firstSlope, firstOffset));
        entries.addAll(values("second", secondSlope, secondOffset));
        try (Parameters parameters = Parameters.byHand(new ParameterValues(entries));
                CriticPass pass = new CriticPass(Engines.cpu(), critics, parameters, OBSERVED.length)) {
            CriticPass.Worth worth = pass.worth(OBSERVED, ACTION);
            float lower = Math.min(firstSlope * ACTION[0] + firstOffset, secondSlope * ACTION[0] + secondOffset);
            assertThat(worth.lowest()).containsExactly(lower);
            assertThat(worth.mean()).isEqualTo(lower);
            return pass.slopesByActions(worth)[0];
        }
    }

    private static DenseLayers line(String name) {
        return new DenseLayers(name, 3, new NetworkSettings(List.of(), Activation.RELU, 0, Initialization.UNIFORM), 1);
    }

    private static List<ParameterValues.Entry> values(String name, float slope, float offset) {
        DenseLayers line = line(name);
        return List.of(
                new ParameterValues.Entry(line.name(0) + ".weight", List.of(1, 3), new float[] {0, 0, slope}),
                new ParameterValues.Entry(line.name(0) + ".bias", List.of(1), new float[] {offset}));
    }
}
