package engram.replay;

import engram.error.Damaged;
import java.io.IOException;

/** The settings of a table as numbers: the families by their place in the list, each with two numbers. */
final class SettingsFormat {
    private SettingsFormat() {}

    static void write(StateWriter out, TableSettings settings) throws IOException {
        TransitionShape shape = settings.shape();
        out.putInt(shape.observationWidth()).putInt(shape.actionWidth()).putInt(shape.maskWidth());
        out.putInt(settings.capacity());
        switch (settings.sampler()) {
            case Sampler.Uniform _ -> family(out, 0, 0, 0);
            case Sampler.Prioritized(double alpha, double epsilon) -> family(out, 1, alpha, epsilon);
            case Sampler.Recent(int window) -> family(out, 2, window, 0);
            case Sampler.Fading(double halfLife) -> family(out, 3, halfLife, 0);
        }
        switch (settings.remover()) {
            case Remover.Oldest _ -> out.putInt(0).putLong(0);
            case Remover.LowestPriority _ -> out.putInt(1).putLong(0);
            case Remover.Uniform(long seed) -> out.putInt(2).putLong(seed);
        }
        RateLimiter limiter = settings.limiter();
        out.putDouble(limiter.samplesPerInsert()).putInt(limiter.minimumSize()).putDouble(limiter.tolerance());
    }

    static Raw read(StateReader in) throws IOException {
        return new Raw(
                new int[] {in.getInt(), in.getInt(), in.getInt(), in.getInt()},
                in.getInt(),
                in.getDouble(),
                in.getDouble(),
                in.getInt(),
                in.getLong(),
                in.getDouble(),
                in.getInt(),
                in.getDouble());
    }

    private static void family(StateWriter out, int place, double first, double second) throws IOException {
        out.putInt(place).putDouble(first).putDouble(second);
    }

    /** Settings that have been read but not yet compared with their checksum. */
    @SuppressWarnings("ArrayRecordComponent") // lives for the length of one reading
    record Raw(
            int[] sizes,
            int sampler,
            double first,
            double second,
            int remover,
            long seed,
            double samplesPerInsert,
            int minimumSize,
            double tolerance) {
        TableSettings settings() {
            try {
                return new TableSettings(
                        new TransitionShape(sizes[0], sizes[1], sizes[2]),
                        sizes[3],
                        switch (sampler) {
                            case 0 -> new Sampler.Uniform();
                            case 1 -> new Sampler.Prioritized(first, second);
                            case 2 -> new Sampler.Recent((int) first);
                            case 3 -> new Sampler.Fading(first);
                            default -> throw new Damaged("There is no sampler " + sampler + ".");
                        },
                        switch (remover) {
                            case 0 -> new Remover.Oldest();
                            case 1 -> new Remover.LowestPriority();
                            case 2 -> new Remover.Uniform(seed);
                            default -> throw new Damaged("There is no remover " + remover + ".");
                        },
                        new RateLimiter(samplesPerInsert, minimumSize, tolerance));
            } catch (IllegalArgumentException e) {
                throw new Damaged("The settings of the saved replay table are none that a table can have.", e);
            }
        }
    }
}
