package engram.tensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Named arrays of numbers with shapes: what a network has learned, detached from any native memory. Names and order are
 * those of the network, and a matrix is outputs × inputs, as in a PyTorch state dictionary. Immutable and thread-safe;
 * using one loads no native library.
 */
public final class ParameterValues implements NamedParameters {
    private final Map<String, Entry> entries;

    /**
     * @param entries in the order of the network, with distinct names
     */
    public ParameterValues(List<Entry> entries) {
        Map<String, Entry> byName = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (byName.put(entry.name(), entry) != null) {
                throw new IllegalArgumentException("There are two arrays named " + entry.name() + ".");
            }
        }
        this.entries = byName;
    }

    /** The arrays, in the order of the network. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /**
     * The array of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("There is no array named " + name + ", only " + entries.keySet() + ".");
        }
        return entry;
    }

    @Override
    public float[] values(String name) {
        return entry(name).values();
    }

    @Override
    public float[] transposed(String name) {
        Entry matrix = entry(name);
        return Transposition.of(matrix.values, matrix.shape.getFirst(), matrix.shape.getLast());
    }

    /** How many numbers there are in all arrays together. */
    public int size() {
        return entries.values().stream().mapToInt(Entry::size).sum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParameterValues values && entries().equals(values.entries());
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return "ParameterValues" + entries.keySet();
    }

    /**
     * One named array.
     *
     * @param name of the parameter, such as {@code encoder.0.weight}
     * @param shape the length of every dimension, outermost first
     * @param values in row order, as many as the shape has places; copied in and out
     */
    @SuppressWarnings("ArrayRecordComponent") // equality is by content, below
    public record Entry(String name, List<Integer> shape, float[] values) {
        public Entry {
            Objects.requireNonNull(name, "name");
            shape = List.copyOf(shape);
            int places = shape.stream().reduce(1, Math::multiplyExact);
            if (places != values.length) {
                throw new IllegalArgumentException(
                        name + " has " + values.length + " numbers, but the shape " + shape + " has " + places);
            }
            values = values.clone();
        }

        @Override
        public float[] values() {
            return values.clone();
        }

        /** How many numbers it has. */
        public int size() {
            return values.length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Entry entry
                    && name.equals(entry.name)
                    && shape.equals(entry.shape)
                    && Arrays.equals(values, entry.values);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, shape, Arrays.hashCode(values));
        }

        @Override
        public String toString() {
            return name + shape;
        }
    }
}
