package engram.encoder;

import engram.error.FieldError;
import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How an autoencoder is trained. The defaults and what each is worth are in {@code docs/encoder-training.md}.
 *
 * @param seed of the split, the order of batches and the first weights; the same seed gives the same weights
 * @param epochs how many times the training share is seen at most, 1 to 10,000
 * @param batch how many states a step sees, 2 to 4,096
 * @param learningRate of Adam, above 0 and at most 1
 * @param schedule how the learning rate goes over the epochs
 * @param validationShare the part of the states that is only measured, in (0,1)
 * @param patience after how many epochs without a better validation loss training stops; 0 for never
 * @param neighbourhood the weight of the distance term beside the reconstruction loss, 0 or more; 0 leaves the plain loss
 * @param start where the weights begin
 */
public record AutoencoderTraining(
        long seed,
        int epochs,
        int batch,
        double learningRate,
        Schedule schedule,
        double validationShare,
        int patience,
        double neighbourhood,
        Start start) {

    /** How the learning rate goes over the epochs. */
    public enum Schedule {
        /** Stays as it is. */
        CONSTANT,
        /** Half a cosine from the learning rate down to 0 (Loshchilov and Hutter, 2017, without restarts). */
        COSINE
    }

    /** Where the weights begin. */
    public enum Start {
        /** At chance: He before a ReLU, Xavier elsewhere. */
        RANDOM,
        /** With an encoder that is the principal components of the training share, and a decoder at chance. */
        PRINCIPAL
    }

    public AutoencoderTraining {
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(start, "start");
        List<FieldError> errors = new ArrayList<>();
        check(errors, epochs >= 1 && epochs <= 10_000, "epochs", epochs, "1 to 10000");
        check(errors, batch >= 2 && batch <= 4_096, "batch", batch, "2 to 4096");
        check(errors, learningRate > 0 && learningRate <= 1, "learningRate", learningRate, "above 0 and at most 1");
        check(
                errors,
                validationShare > 0 && validationShare < 1,
                "validationShare",
                validationShare,
                "between 0 and 1");
        check(errors, patience >= 0, "patience", patience, "0 or more");
        check(
                errors,
                neighbourhood >= 0 && Double.isFinite(neighbourhood),
                "neighbourhood",
                neighbourhood,
                "0 or more and finite");
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
    }

    /** The defaults with a seed. */
    public static AutoencoderTraining seeded(long seed) {
        return new AutoencoderTraining(seed, 50, 64, 0.001, Schedule.COSINE, 0.2, 10, 10, Start.PRINCIPAL);
    }

    /** The plain training of the specification: no distance term, a constant rate, weights at chance. */
    public static AutoencoderTraining plain(long seed) {
        return new AutoencoderTraining(seed, 50, 64, 0.001, Schedule.CONSTANT, 0.2, 10, 0, Start.RANDOM);
    }

    /** The same with another number of epochs. */
    public AutoencoderTraining withEpochs(int count) {
        return new AutoencoderTraining(
                seed, count, batch, learningRate, schedule, validationShare, patience, neighbourhood, start);
    }

    private static void check(List<FieldError> errors, boolean holds, String field, Number value, String wanted) {
        if (!holds) {
            errors.add(new FieldError(field, "is " + value + ", but must be " + wanted));
        }
    }
}
