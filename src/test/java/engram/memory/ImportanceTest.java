package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ImportanceTest {
    private static final Instant NOW = Memories.NOON;

    @Test
    void addsRewardRecencyRecallsAndSurprise() {
        assertThat(Importance.formula(0, Duration.ZERO, 0, 0)).isEqualTo(0.2);
        assertThat(Importance.formula(-5, Duration.ofDays(1_000), 0, 0)).isEqualTo(0.2);
        assertThat(Importance.formula(50, Duration.ofDays(1_000), 0, 0)).isEqualTo(0.4);
        assertThat(Importance.formula(0, Duration.ofHours(24), 0, 0)).isCloseTo(0.2 / Math.E, within(1e-12));
        assertThat(Importance.formula(0, Duration.ofDays(1_000), 2, 0)).isCloseTo(0.12, within(1e-12));
        assertThat(Importance.formula(0, Duration.ofDays(1_000), 500, 0)).isCloseTo(0.3, within(1e-12));
        assertThat(Importance.formula(0, Duration.ofDays(1_000), 0, 0.5)).isCloseTo(0.05, within(1e-12));
        assertThat(Importance.formula(1e300, Duration.ofHours(-1), Long.MAX_VALUE, 1))
                .isEqualTo(1.0);
    }

    @Test
    void aClientsImportanceOverridesTheFormula() {
        Memory memory = Memories.memory("m").reward(10).importance(0.1).build();
        assertThat(Importance.of(memory, NOW)).isEqualTo(0.1);
        assertThat(Importance.of(Memories.memory("m").reward(10).build(), NOW)).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void readinessGrowsWithAgeAndShrinksWithImportance() {
        Memory plain = Memories.memory("m")
                .at(NOW.minus(Duration.ofHours(12)))
                .importance(0)
                .build();
        Memory important = Memories.memory("m")
                .at(NOW.minus(Duration.ofHours(12)))
                .importance(0.75)
                .build();
        Duration day = Duration.ofHours(24);
        assertThat(Importance.demotionScore(plain, day, NOW)).isEqualTo(0.5);
        assertThat(Importance.demotionScore(important, day, NOW)).isEqualTo(0.125);
        assertThat(Importance.demotionScore(plain, day, NOW.plus(day))).isEqualTo(1.5);
        assertThat(Importance.demotionScore(plain, day, NOW.minus(day))).isZero();
    }
}
