package engram.encoder;

import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.tensor.ParameterValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Brings the observations of an environment, whatever their width, to {@value #WIDTH} numbers: by a variational
 * autoencoder, of which it gives the means, or linearly, where none is trained. In plain Java, without PyTorch. Immutable
 * and thread-safe.
 */
public final class StateNormalizer {
    /** How many numbers come out. */
    public static final int WIDTH = 256;

    private static final String SCALE = "normalizer.scale";
    private static final String QUALITY = "normalizer.quality";
    /** Standardised numbers stay within it: what training never saw must not tower above all else. */
    private static final float FARTHEST = 10;

    private final String environment;
    private final int width;
    private final float[] means;
    private final float[] deviations;
    private final List<DenseKernel> encoder;
    private final List<DenseKernel> decoder;
    private final Quality quality;
    private final ParameterValues values;

    private StateNormalizer(String environment, int width) {
        this.environment = environment;
        this.width = width;
        this.means = new float[0];
        this.deviations = new float[0];
        this.encoder = width <= WIDTH ? List.of() : List.of(DenseKernel.of(projection(width), new float[WIDTH]));
        this.decoder = List.of();
        this.quality = Quality.NONE;
        this.values = new ParameterValues(List.of());
    }

    private StateNormalizer(String environment, ParameterValues values) {
        this.environment = environment;
        this.values = values;
        ParameterValues.Entry scale = values.entry(SCALE);
        this.width = scale.shape().getLast();
        this.means = new float[width];
        this.deviations = new float[width];
        System.arraycopy(scale.values(), 0, means, 0, width);
        System.arraycopy(scale.values(), width, deviations, 0, width);
        float[] measured = values.entry(QUALITY).values();
        this.quality = new Quality(measured[0], measured[1], (long) measured[2]);
        List<String> names =
                values.entries().stream().map(ParameterValues.Entry::name).toList();
        this.encoder = new ArrayList<>();
        this.decoder = new ArrayList<>();
        for (int layer = 0; names.contains(NormalizerNetwork.encoder(layer) + ".weight"); layer++) {
            encoder.add(kernel(values, NormalizerNetwork.encoder(layer)));
        }
        encoder.add(kernel(values, NormalizerNetwork.MEAN));
        for (int layer = 0; names.contains(NormalizerNetwork.decoder(layer) + ".weight"); layer++) {
            decoder.add(kernel(values, NormalizerNetwork.decoder(layer)));
        }
    }

    /**
     * The one to use where nothing is trained: numbers as they are with zeros behind them, or, of more than {@value #WIDTH}
     * numbers, a fixed random projection that keeps distances on average.
     *
     * @param environment the name of the environment; empty where it has none
     * @param width of its observations, 1 or more
     */
    public static StateNormalizer linear(String environment, int width) {
        if (width < 1) {
            throw new InvalidInput("width", "is " + width + ", but must be 1 or more");
        }
        return new StateNormalizer(environment, width);
    }

    /**
     * One that has been trained.
     *
     * @param values as {@link #values} gave them
     * @throws Damaged if they are something else
     */
    public static StateNormalizer of(String environment, ParameterValues values) {
        try {
            return new StateNormalizer(environment, values);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Damaged("these are not the weights of a state normaliser: " + e.getMessage(), e);
        }
    }

    static StateNormalizer trained(
            String environment, RunningStatistics statistics, ParameterValues network, Quality quality) {
        float[] means = statistics.means();
        float[] scale = new float[2 * means.length];
        System.arraycopy(means, 0, scale, 0, means.length);
        System.arraycopy(statistics.deviations(), 0, scale, means.length, means.length);
        List<ParameterValues.Entry> entries = new ArrayList<>(network.entries());
        entries.add(new ParameterValues.Entry(SCALE, List.of(2, means.length), scale));
        entries.add(new ParameterValues.Entry(QUALITY, List.of(3), new float[] {
            (float) quality.training(), (float) quality.heldOut(), quality.observations()
        }));
        return of(environment, new ParameterValues(entries));
    }

    /** The name of the environment it belongs to; empty where it has none. */
    public String environment() {
        return environment;
    }

    /** How many numbers an observation has. */
    public int width() {
        return width;
    }

    /** Whether it has been trained, and is not linear. */
    public boolean isTrained() {
        return !decoder.isEmpty();
    }

    /** How well it rebuilt observations when it was trained. */
    public Quality quality() {
        return quality;
    }

    /** All its numbers, for {@link #of}; empty for a linear one. */
    public ParameterValues values() {
        return values;
    }

    /** This one, or a linear one if it rebuilt held-out observations with a greater error. */
    public StateNormalizer orLinear(double threshold) {
        return !isTrained() || quality.heldOut() <= threshold ? this : linear(environment, width);
    }

    /**
     * Encodes an observation.
     *
     * @return {@value #WIDTH} numbers in a new array
     * @throws InvalidInput if it has another width
     */
    public float[] encode(float[] observation) {
        float[][] rows = {scaled(observation)};
        if (encoder.isEmpty()) {
            float[] padded = new float[WIDTH];
            System.arraycopy(rows[0], 0, padded, 0, width);
            return padded;
        }
        return run(encoder, rows)[0];
    }

    /**
     * Encodes many observations at once.
     *
     * @param observations {@code count} rows in one array
     * @param target takes {@code count} rows of {@value #WIDTH} numbers, from its beginning
     */
    public void encode(float[] observations, int count, float[] target) {
        float[][] rows = new float[count][];
        for (int row = 0; row < count; row++) {
            rows[row] = scaled(Arrays.copyOfRange(observations, row * width, (row + 1) * width));
        }
        float[][] encoded = encoder.isEmpty() ? rows : run(encoder, rows);
        Arrays.fill(target, 0, count * WIDTH, 0);
        for (int row = 0; row < count; row++) {
            System.arraycopy(encoded[row], 0, target, row * WIDTH, encoded[row].length);
        }
    }

    /**
     * How far an observation is from what is rebuilt from its encoding: the mean squared error in units of the
     * deviation, so that 1 is what always guessing the mean gives; 0 for a linear one.
     */
    public double error(float[] observation) {
        if (!isTrained()) {
            return 0;
        }
        float[] scaled = scaled(observation);
        float[] rebuilt = run(decoder, run(encoder, new float[][] {scaled}))[0];
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += (rebuilt[i] - scaled[i]) * (rebuilt[i] - scaled[i]);
        }
        return sum / width;
    }

    private float[] scaled(float[] observation) {
        if (observation.length != width) {
            throw new InvalidInput(
                    "observation", "has " + observation.length + " numbers, but the state normaliser takes " + width);
        }
        return means.length == 0 ? observation : standardised(observation, means, deviations);
    }

    static float[] standardised(float[] row, float[] means, float[] deviations) {
        float[] scaled = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            scaled[i] = Math.clamp((row[i] - means[i]) / deviations[i], -FARTHEST, FARTHEST);
        }
        return scaled;
    }

    private static float[][] run(List<DenseKernel> layers, float[][] rows) {
        float[][] values = rows;
        for (int layer = 0; layer < layers.size(); layer++) {
            values = layers.get(layer).apply(values);
            if (layer < layers.size() - 1) {
                for (float[] row : values) {
                    for (int i = 0; i < row.length; i++) {
                        row[i] = Math.max(0, row[i]);
                    }
                }
            }
        }
        return values;
    }

    private static DenseKernel kernel(ParameterValues values, String layer) {
        return DenseKernel.of(
                values.entry(layer + ".weight").values(),
                values.entry(layer + ".bias").values());
    }

    private static float[] projection(int width) {
        SplitMix random = new SplitMix(width);
        float scale = (float) (1 / Math.sqrt(WIDTH));
        float[] matrix = new float[Math.multiplyExact(WIDTH, width)];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = random.nextBit() == 0 ? -scale : scale;
        }
        return matrix;
    }

    /**
     * How well observations were rebuilt: mean squared errors in units of the deviation.
     *
     * @param training on the observations it was trained from
     * @param heldOut on others
     * @param observations how many there were
     */
    public record Quality(double training, double heldOut, long observations) {
        /** Of one that was never trained. */
        public static final Quality NONE = new Quality(0, 0, 0);
    }
}
