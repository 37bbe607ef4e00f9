package engram.feature;

import java.util.Arrays;
import java.util.List;

/**
 * What an extraction made of a state. The two arrays belong to whoever asked for the extraction: nobody else holds
 * them, and writing into them is seen through this object.
 */
public final class Features {
    private final float[] values;
    private final boolean[] present;
    private final List<Remark> remarks;
    private final String[] undeclared;
    private final List<Integer> gridShape;

    Features(float[] values, boolean[] present, List<Remark> remarks, String[] undeclared, List<Integer> gridShape) {
        this.values = values;
        this.present = present;
        this.remarks = List.copyOf(remarks);
        this.undeclared = undeclared;
        this.gridShape = gridShape;
    }

    /** As many values as the schema has inputs, each in [0,1]; the array itself, not a copy. */
    public float[] values() {
        return values;
    }

    /**
     * For each value whether the state said it; absent ones hold 0.5 (numbers) or 0 (all else) and belong in no loss.
     * The array itself, not a copy.
     */
    public boolean[] present() {
        return present;
    }

    /** What was not taken as it was, declared fields in the order of the state and then the moved ones by name. */
    public List<Remark> remarks() {
        return remarks;
    }

    /** The names of the undeclared numbers, in name order. */
    String[] undeclared() {
        return undeclared;
    }

    /** Rows and columns, the length of a flat grid, or nothing. */
    List<Integer> gridShape() {
        return gridShape;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Features features
                && Arrays.equals(values, features.values)
                && Arrays.equals(present, features.present)
                && remarks.equals(features.remarks);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + Arrays.hashCode(present);
    }

    @Override
    public String toString() {
        int count = 0;
        for (boolean slot : present) {
            count += slot ? 1 : 0;
        }
        return "Features[" + values.length + " values, " + count + " present, remarks=" + remarks + "]";
    }
}
