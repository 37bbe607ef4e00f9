package engram.encoder;

import engram.error.InvalidInput;
import engram.run.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures encoders on one set of held-out states, so that their figures can be compared. A sample of at most
 * {@value #MOST_STATES} states is searched for the neighbours of {@value #MOST_QUERIES} of them; the truth is an exact
 * search by the Euclidean distance of the features. Takes a few seconds at most; the same seed measures the same.
 * Not thread-safe.
 */
public final class QualityMeasurement {
    static final int MOST_STATES = 5_000;
    static final int MOST_QUERIES = 1_000;
    static final int NEIGHBOURS = 10;

    /** How many of the queries are rebuilt: errors vary less than neighbours, and version 0 takes milliseconds for each. */
    private static final int MOST_REBUILT = 300;

    /** Two neighbours this close in distance are equally near. */
    private static final double TIE = 1e-6;

    private final Progress progress;
    private final float[][] features;
    private final boolean[][] present;
    private final int[] queries;
    private final double[] reach;
    private final List<Principal> principal = new ArrayList<>();

    private record Principal(double error, double kept) {}

    /**
     * Prepares the truth and the yardstick.
     *
     * @param heldOut rows of features that no encoder to be measured was trained on, at least two; kept, not changed
     * @param present for each row which slots the state had; only these count in reconstruction errors
     * @param trained rows from which the principal components are taken, such as those an encoder was trained on, at
     *     least one; not kept
     * @param seed chooses the sample
     * @param progress is asked whether to stop; the share done is not reported
     */
    public QualityMeasurement(float[][] heldOut, boolean[][] present, float[][] trained, long seed, Progress progress) {
        if (heldOut.length < 2) {
            throw new InvalidInput("heldOut", "must have at least two states, has " + heldOut.length);
        }
        if (present.length != heldOut.length) {
            throw new InvalidInput("present", "must have " + heldOut.length + " rows, has " + present.length);
        }
        if (trained.length == 0) {
            throw new InvalidInput("trained", "must have at least one state");
        }
        this.progress = progress;
        SplitMix random = new SplitMix(seed);
        int[] sample = sample(heldOut.length, MOST_STATES, random);
        this.features = Arrays.stream(sample).mapToObj(row -> heldOut[row]).toArray(float[][]::new);
        this.present = Arrays.stream(sample).mapToObj(row -> present[row]).toArray(boolean[][]::new);
        queries = sample(features.length, MOST_QUERIES, random);
        reach = reach();
        float[][] fitted = Arrays.stream(sample(trained.length, MOST_STATES, random))
                .mapToObj(row -> trained[row])
                .toArray(float[][]::new);
        PrincipalComponents components = PrincipalComponents.of(fitted);
        for (Resolution resolution : Resolution.values()) {
            float[][] vectors = Arrays.stream(features)
                    .map(row -> components.project(row, resolution.dimensions()))
                    .toArray(float[][]::new);
            float[][] rebuilt = rebuilt()
                    .mapToObj(row -> components.reconstruct(vectors[row]))
                    .toArray(float[][]::new);
            principal.add(new Principal(error(rebuilt), kept(vectors)));
        }
    }

    /**
     * Measures an encoder.
     *
     * @throws java.util.concurrent.CancellationException if the run was cancelled
     */
    public EncoderQuality measure(Encoder encoder) {
        float[][] full = encoder.encode(features);
        List<EncoderQuality.Figures> figures = new ArrayList<>();
        for (Resolution resolution : Resolution.values()) {
            progress.checkCancelled();
            float[][] vectors = Distances.at(resolution, encoder, full);
            float[][] asked =
                    Arrays.stream(queries).mapToObj(row -> vectors[row]).toArray(float[][]::new);
            Principal yardstick = principal.get(figures.size());
            figures.add(new EncoderQuality.Figures(
                    error(encoder.reconstruct(asked, resolution)), kept(vectors), yardstick.error(), yardstick.kept()));
        }
        return new EncoderQuality(
                features.length,
                queries.length,
                Math.min(NEIGHBOURS, features.length - 1),
                figures.get(0),
                figures.get(1),
                figures.get(2));
    }

    /** For each query the distance of its k-th true neighbour. */
    private double[] reach() {
        NearestNeighbours truth = new NearestNeighbours(features);
        return Arrays.stream(queries)
                .mapToDouble(query -> {
                    progress.checkCancelled();
                    return Arrays.stream(truth.nearest(query, NEIGHBOURS))
                            .mapToDouble(row -> Distances.euclidean(features[query], features[row]))
                            .max()
                            .orElse(0);
                })
                .toArray();
    }

    private double kept(float[][] vectors) {
        NearestNeighbours search = new NearestNeighbours(vectors);
        long kept = 0;
        long asked = 0;
        for (int i = 0; i < queries.length; i++) {
            progress.checkCancelled();
            int query = queries[i];
            double limit = reach[i] + TIE;
            int[] found = search.nearest(query, NEIGHBOURS);
            asked += found.length;
            kept += Arrays.stream(found)
                    .filter(row -> Distances.euclidean(features[query], features[row]) <= limit)
                    .count();
        }
        return (double) kept / asked;
    }

    private IntStream rebuilt() {
        return Arrays.stream(queries).limit(MOST_REBUILT);
    }

    /** The mean squared error of the rebuilt queries over the slots that were present. */
    private double error(float[][] rebuilt) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < rebuilt.length; i++) {
            float[] wanted = features[queries[i]];
            boolean[] counts = present[queries[i]];
            for (int slot = 0; slot < wanted.length; slot++) {
                if (counts[slot]) {
                    double difference = Math.clamp(rebuilt[i][slot], 0f, 1f) - wanted[slot];
                    sum += difference * difference;
                    count++;
                }
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    /** Different rows in random order; all of them when there are not more. */
    private static int[] sample(int rows, int most, SplitMix random) {
        int[] order = IntStream.range(0, rows).toArray();
        int size = Math.min(rows, most);
        for (int i = 0; i < size; i++) {
            int other = i + random.nextInt(rows - i);
            int swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
        return Arrays.copyOf(order, size);
    }
}
