package engram.replay;

import java.util.random.RandomGenerator;

/** Transitions of a shape whose numbers are random. */
final class RandomTransitions {
    private final TransitionShape shape;
    private final RandomGenerator random;

    RandomTransitions(TransitionShape shape, RandomGenerator random) {
        this.shape = shape;
        this.random = random;
    }

    Transition next() {
        boolean[] mask = new boolean[shape.maskWidth()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextBoolean();
        }
        return new Transition(
                numbers(shape.observationWidth()),
                numbers(shape.actionWidth()),
                random.nextFloat(-3, 3),
                numbers(shape.observationWidth()),
                random.nextInt(10) == 0,
                random.nextInt(10) == 0,
                random.nextInt(1, 1_000),
                mask);
    }

    float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat(-10, 10);
        }
        return numbers;
    }
}
