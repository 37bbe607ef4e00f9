package engram.encoder;

import engram.tensor.ParameterValues;
import engram.tensor.Scope;
import engram.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The states of one training, split and narrowed. Slots that no state uses are left out of the network while it trains:
 * nothing about them can be learned, no gradient would reach their weights, and a schema rarely fills its 512 slots.
 */
final class TrainingStates {
    private final float[][] features;
    private final boolean[][] present;
    private final int[] training;
    private final int[] validation;
    private final int[] columns;

    private TrainingStates(float[][] features, boolean[][] present, int[] training, int[] validation, int[] columns) {
        this.features = features;
        this.present = present;
        this.training = training;
        this.validation = validation;
        this.columns = columns;
    }

    /** Splits at random; both shares get at least one state. */
    static TrainingStates split(
            float[][] features, boolean[][] present, double validationShare, RandomGenerator random) {
        int[] order = IntStream.range(0, features.length).toArray();
        shuffle(order, random);
        int held = Math.clamp(Math.round(features.length * validationShare), 1, features.length - 1);
        return new TrainingStates(
                features,
                present,
                Arrays.copyOfRange(order, held, order.length),
                Arrays.copyOf(order, held),
                used(features, present));
    }

    /** How many slots a state has. */
    int width() {
        return features[0].length;
    }

    /** The slots that some state uses, in rising order; at least one. */
    int[] columns() {
        return columns;
    }

    /** The rows of the training share; the caller's own arrays. */
    float[][] trainingRows() {
        return Arrays.stream(training).mapToObj(row -> features[row]).toArray(float[][]::new);
    }

    /** The training share in a new order, in batches; a last batch of one joins the one before. */
    List<int[]> shuffledBatches(int size, RandomGenerator random) {
        shuffle(training, random);
        return batches(training, size);
    }

    List<int[]> validationBatches(int size) {
        return batches(validation, size);
    }

    /** The used slots of some rows. */
    Tensor features(Scope scope, int[] rows) {
        float[] flat = new float[rows.length * columns.length];
        int next = 0;
        for (int row : rows) {
            float[] source = features[row];
            for (int column : columns) {
                flat[next++] = source[column];
            }
        }
        return scope.tensor(flat, rows.length, columns.length);
    }

    /** 1 where a used slot of a row is present, else 0; all 1 if none is, so that a mean exists. */
    Tensor present(Scope scope, int[] rows) {
        float[] flat = new float[rows.length * columns.length];
        int next = 0;
        boolean any = false;
        for (int row : rows) {
            boolean[] source = present[row];
            for (int column : columns) {
                any |= source[column];
                flat[next++] = source[column] ? 1 : 0;
            }
        }
        if (!any) {
            Arrays.fill(flat, 1);
        }
        return scope.tensor(flat, rows.length, columns.length);
    }

    /** The parameters without those of unused slots. */
    ParameterValues narrow(ParameterValues wide) {
        return new ParameterValues(wide.entries().stream()
                .map(entry -> new ParameterValues.Entry(entry.name(), shape(entry, columns.length), take(entry)))
                .toList());
    }

    /**
     * The trained parameters put back among the first ones. Unused slots keep their first weights in the encoder, so that
     * a state which uses one later leaves a trace in its vector; the decoder rebuilds them as what they always were.
     */
    ParameterValues widen(ParameterValues wide, ParameterValues trained) {
        return new ParameterValues(wide.entries().stream()
                .map(entry ->
                        new ParameterValues.Entry(entry.name(), entry.shape(), put(entry, trained.entry(entry.name()))))
                .toList());
    }

    private float[] take(ParameterValues.Entry entry) {
        float[] source = entry.values();
        if (entry.name().equals(AutoencoderLayer.ENCODER_FIRST.weight())) {
            int rows = entry.shape().get(0);
            float[] target = new float[rows * columns.length];
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < columns.length; i++) {
                    target[row * columns.length + i] = source[row * width() + columns[i]];
                }
            }
            return target;
        }
        if (perFeature(entry.name())) {
            int length = source.length / width();
            float[] target = new float[columns.length * length];
            for (int i = 0; i < columns.length; i++) {
                System.arraycopy(source, columns[i] * length, target, i * length, length);
            }
            return target;
        }
        return source;
    }

    private float[] put(ParameterValues.Entry entry, ParameterValues.Entry trained) {
        float[] source = trained.values();
        if (entry.name().equals(AutoencoderLayer.ENCODER_FIRST.weight())) {
            float[] target = entry.values();
            for (int row = 0; row < entry.shape().get(0); row++) {
                for (int i = 0; i < columns.length; i++) {
                    target[row * width() + columns[i]] = source[row * columns.length + i];
                }
            }
            return target;
        }
        if (perFeature(entry.name())) {
            float[] target = new float[entry.size()];
            int length = target.length / width();
            if (entry.name().equals(AutoencoderLayer.DECODER_LAST.bias())) {
                // Unused slots are 0 in every state. The sigmoid of −10 is 0.00005.
                Arrays.fill(target, -10);
            }
            for (int i = 0; i < columns.length; i++) {
                System.arraycopy(source, i * length, target, columns[i] * length, length);
            }
            return target;
        }
        return source;
    }

    private List<Integer> shape(ParameterValues.Entry entry, int slots) {
        if (entry.name().equals(AutoencoderLayer.ENCODER_FIRST.weight())) {
            return List.of(entry.shape().get(0), slots);
        }
        if (entry.name().equals(AutoencoderLayer.DECODER_LAST.weight())) {
            return List.of(slots, entry.shape().get(1));
        }
        return perFeature(entry.name()) ? List.of(slots) : entry.shape();
    }

    /** Whether the rows of a parameter belong to the features one by one. */
    private static boolean perFeature(String name) {
        return name.equals(AutoencoderLayer.DECODER_LAST.weight()) || name.equals(AutoencoderLayer.DECODER_LAST.bias());
    }

    private static List<int[]> batches(int[] rows, int size) {
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        while (from < rows.length) {
            int left = rows.length - from;
            int to = left <= size + 1 ? rows.length : from + size;
            batches.add(Arrays.copyOfRange(rows, from, to));
            from = to;
        }
        return batches;
    }

    private static int[] used(float[][] features, boolean[][] present) {
        boolean[] used = new boolean[features[0].length];
        for (int row = 0; row < features.length; row++) {
            for (int column = 0; column < used.length; column++) {
                used[column] |= features[row][column] != 0 || present[row][column];
            }
        }
        int[] columns =
                IntStream.range(0, used.length).filter(column -> used[column]).toArray();
        return columns.length > 0 ? columns : new int[] {0};
    }

    private static void shuffle(int[] values, RandomGenerator random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}
