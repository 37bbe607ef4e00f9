package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SurpriseScaleTest {
    @Test
    void tellsHowManyOfTheRecentErrorsAreSmaller() {
        SurpriseScale scale = new SurpriseScale(3);
        assertThat(scale.place(5)).isEqualTo(0.5);
        assertThat(scale.place(9)).isEqualTo(1);
        assertThat(scale.place(1)).isEqualTo(0);
        assertThat(scale.place(6)).isCloseTo(2 / 3.0, within(1e-12));
        // The 5 has left the window: 9, 1 and 6 remain.
        assertThat(scale.place(5)).isCloseTo(1 / 3.0, within(1e-12));
        scale.clear();
        assertThat(scale.place(100)).isEqualTo(0.5);
        assertThatThrownBy(() -> scale.place(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 200)
    void agreesWithCounting(
            @ForAll @Size(max = 60) List<@DoubleRange(min = 0, max = 5) Double> errors,
            @ForAll @IntRange(min = 1, max = 20) int size) {
        SurpriseScale scale = new SurpriseScale(size);
        for (int i = 0; i < errors.size(); i++) {
            double error = errors.get(i);
            List<Double> recent = errors.subList(Math.max(0, i - size), i);
            double rank = recent.stream()
                    .mapToDouble(other -> other < error ? 1 : other == error ? 0.5 : 0)
                    .sum();
            double expected = recent.isEmpty() ? 0.5 : rank / recent.size();
            assertThat(scale.place(error)).isCloseTo(expected, within(1e-12));
        }
    }
}
