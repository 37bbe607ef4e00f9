package engram.service;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.Kind;
import engram.memory.Statistics;
import engram.memory.Tier;
import engram.memory.consolidation.TierPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduledWorkTest {
    @Test
    void feelsPressureWhenOneAgentRunsOver() {
        assertThat(pressed(1_200, 0)).isFalse();
        assertThat(pressed(1_201, 0)).isTrue();
        assertThat(pressed(700, 501)).as("of all kinds together").isTrue();
    }

    @Test
    void feelsNoPressureFromManyAgents() {
        List<Statistics.Count> counts = List.of(
                new Statistics.Count("a", Kind.STATE, Tier.STM, 1_000),
                new Statistics.Count("b", Kind.STATE, Tier.STM, 1_000));
        assertThat(ScheduledWork.isPressed(new Statistics(counts, 0, 0, 0), TierPolicy.defaults(), 1.2))
                .isFalse();
    }

    @Test
    void feelsNoPressureWithoutALimit() {
        List<Statistics.Count> counts = List.of(new Statistics.Count("a", Kind.STATE, Tier.LTM, 1_000_000_000));
        assertThat(ScheduledWork.isPressed(new Statistics(counts, 0, 0, 0), TierPolicy.defaults(), 1.2))
                .isFalse();
    }

    private static boolean pressed(long states, long actions) {
        List<Statistics.Count> counts = List.of(
                new Statistics.Count("a", Kind.STATE, Tier.STM, states),
                new Statistics.Count("a", Kind.ACTION, Tier.STM, actions));
        return ScheduledWork.isPressed(new Statistics(counts, 0, 0, 0), TierPolicy.defaults(), 1.2);
    }
}
