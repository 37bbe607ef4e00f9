package engram.encoder;

import engram.error.Damaged;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * All parameters of an encoder by name, in a fixed order: what a training hands out and what a version file holds.
 * Immutable as long as the arrays inside are left alone (see {@link Weight}).
 *
 * @param byName names such as {@code encoder.0.weight} and the arrays they stand for, in the order of persisting
 */
public record Weights(SequencedMap<String, Weight> byName) {
    public Weights {
        byName = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byName));
        byName.forEach((name, weight) -> {
            if (name.isBlank() || name.length() > 200) {
                throw new IllegalArgumentException("a weight needs a name of 1 to 200 characters, not '" + name + "'");
            }
        });
    }

    /**
     * The numbers of one weight; they must not be changed.
     *
     * @param shape the expected length of each axis
     * @throws Damaged if there is no weight of that name, or it has another shape
     */
    public float[] values(String name, int... shape) {
        Weight weight = byName.get(name);
        if (weight == null) {
            throw new Damaged("the encoder has no weight named '" + name + "'");
        }
        List<Integer> expected = Arrays.stream(shape).boxed().toList();
        if (!weight.shape().equals(expected)) {
            throw new Damaged(
                    "the encoder's weight '" + name + "' has the shape " + weight.shape() + ", not " + expected);
        }
        return weight.values();
    }
}
