package engram.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpacesTest {
    private static final ActionSpace THREE = new ActionSpace.Discrete(3);
    private static final ActionSpace BOX = new ActionSpace.Box(new float[] {-1, 0}, new float[] {1, 5});

    @Test
    void anActionGoesThereAndBack() {
        for (ActionSpace space : new ActionSpace[] {THREE, BOX}) {
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 100; i++) {
                Action action = space.sample(random);
                float[] flat = space.flatten(action);
                assertThat(flat).hasSize(space.width());
                assertThat(space.unflatten(flat, 0)).isEqualTo(action);
                assertThat(space.clip(action)).isEqualTo(action);
                space.check(action);
                space.check(flat, 0);
            }
        }
    }

    @Test
    void everyIndexIsDrawn() {
        SplittableRandom random = new SplittableRandom(1);
        assertThat(java.util.stream.IntStream.range(0, 100)
                        .mapToObj(i -> THREE.sample(random))
                        .distinct()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void whatIsOutsideIsRefusedByName() {
        refused(() -> THREE.check(Action.discrete(3)), "action: is 3, but must be a whole number from 0 to 2");
        refused(() -> THREE.check(Action.discrete(-1)), "action: is -1");
        refused(() -> THREE.check(Action.continuous(1)), "action: is an array");
        refused(() -> THREE.check(new float[] {1.5f}, 0), "action: is 1.5");
        refused(() -> THREE.check(new float[] {Float.NaN}, 0), "action: is NaN");
        refused(() -> THREE.unflatten(new float[] {0, 7}, 1), "action: is 7");
        refused(() -> BOX.check(Action.continuous(0, 6)), "action: [1] is 6.0, but must be from 0.0 to 5.0");
        refused(() -> BOX.check(Action.continuous(Float.NaN, 1)), "action: [0] is NaN");
        refused(() -> BOX.check(Action.continuous(0)), "action: has 1 values, but must have 2");
        refused(() -> BOX.check(Action.discrete(0)), "action: is one whole number");
        refused(() -> BOX.flatten(Action.continuous(2, 2)), "action: [0] is 2.0");
    }

    @Test
    void clippingMovesToTheNearestPoint() {
        assertThat(THREE.clip(Action.discrete(9))).isEqualTo(Action.discrete(2));
        assertThat(THREE.clip(Action.discrete(-9))).isEqualTo(Action.discrete(0));
        assertThat(BOX.clip(Action.continuous(-3, Float.POSITIVE_INFINITY))).isEqualTo(Action.continuous(-1, 5));
        assertThat(BOX.clip(Action.continuous(Float.NaN, 2))).isEqualTo(Action.continuous(-1, 2));
    }

    @Test
    void spacesAreChecked() {
        refused(() -> new ActionSpace.Discrete(0), "count: ");
        refused(() -> new ActionSpace.Box(new float[] {0}, new float[] {Float.POSITIVE_INFINITY}), "low[0]: ");
        refused(() -> new ActionSpace.Box(new float[0], new float[0]), "low: has 0");
        refused(() -> new ObservationSpace(new float[] {0}, new float[] {1, 2}), "high: has 2");
        refused(() -> new ObservationSpace(new float[] {2}, new float[] {1}), "low[0]: is 2.0");
        refused(() -> new ObservationSpace(new float[] {Float.NaN}, new float[] {1}), "low[0]: is NaN");
    }

    @Test
    void anObservationIsInsideOrNot() {
        ObservationSpace space = new ObservationSpace(new float[] {0, Float.NEGATIVE_INFINITY}, new float[] {1, 0});
        assertThat(space.contains(new float[] {1, -1e30f})).isTrue();
        assertThat(space.contains(new float[] {1.1f, -1})).isFalse();
        assertThat(space.contains(new float[] {1, Float.NaN})).isFalse();
        assertThat(space.contains(new float[] {1})).isFalse();
        space.low()[0] = 9;
        assertThat(space.contains(new float[] {0, 0}))
                .as("bounds cannot be changed")
                .isTrue();
    }

    private static void refused(Runnable call, String message) {
        assertThatThrownBy(call::run).isInstanceOf(InvalidInput.class).hasMessageStartingWith(message);
    }
}
