package engram.tensor;

/** The numbers of a network's parameters by their names, at rest or as they are being learned. */
public sealed interface NamedParameters permits ParameterValues, Parameters {
    /**
     * The numbers of one parameter, in row order.
     *
     * @return a new array
     * @throws IllegalArgumentException if there is none of that name
     */
    float[] values(String name);

    /**
     * A matrix with rows and columns exchanged.
     *
     * @return a new array, columns × rows
     * @throws IllegalArgumentException if there is none of that name
     */
    float[] transposed(String name);
}
