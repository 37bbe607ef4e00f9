package engram.encoder;

import java.util.ArrayList;
import java.util.List;

/**
 * A family of orthogonal 32 × 32 matrices whose columns are nearly perpendicular from matrix to matrix: the identity,
 * and for each a in GF(32) the Hadamard matrix H/√32 with its rows signed by (−1)^Tr(a·x³). Two columns of different
 * matrices have a scalar product of 0 or ±1/4 at most, between the identity and another ±1/√32 (Gold 1968; as frames:
 * Calderbank, Howard, Jafarpour 2010). Random signs on the columns make the errors of many columns cancel.
 *
 * <p>There are 33 such matrices. Those after them also have their rows permuted at random, which keeps them orthogonal
 * and the scalar products small on average only.
 */
final class GoldFrames {
    static final int SIZE = 32;

    /** x⁵ + x² + 1, primitive over GF(2). */
    private static final int POLYNOMIAL = 0b100101;

    private GoldFrames() {}

    /** {@code count} matrices, the first the identity; each by columns: row i of column j at {@code 32 j + i}. */
    static List<double[]> frames(int count, SplitMix random) {
        List<double[]> frames = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            frames.add(index == 0 ? identity() : frame(index - 1, random));
        }
        return frames;
    }

    /** leftᵀ · right, by columns. */
    static float[] turn(double[] left, double[] right) {
        float[] product = new float[SIZE * SIZE];
        for (int j = 0; j < SIZE; j++) {
            for (int i = 0; i < SIZE; i++) {
                double sum = 0;
                for (int k = 0; k < SIZE; k++) {
                    sum += left[SIZE * i + k] * right[SIZE * j + k];
                }
                product[SIZE * j + i] = (float) sum;
            }
        }
        return product;
    }

    private static double[] identity() {
        double[] matrix = new double[SIZE * SIZE];
        for (int i = 0; i < SIZE; i++) {
            matrix[SIZE * i + i] = 1;
        }
        return matrix;
    }

    private static double[] frame(int index, SplitMix random) {
        int element = index % SIZE;
        int[] rows = index < SIZE ? inOrder() : permuted(random);
        double[] matrix = new double[SIZE * SIZE];
        for (int j = 0; j < SIZE; j++) {
            int columnSign = random.nextBit();
            for (int i = 0; i < SIZE; i++) {
                int sign = columnSign + trace(multiply(element, cube(i))) + Integer.bitCount(i & j);
                matrix[SIZE * j + rows[i]] = (sign & 1) == 0 ? 1 / Math.sqrt(SIZE) : -1 / Math.sqrt(SIZE);
            }
        }
        return matrix;
    }

    private static int[] inOrder() {
        int[] order = new int[SIZE];
        for (int i = 0; i < SIZE; i++) {
            order[i] = i;
        }
        return order;
    }

    private static int[] permuted(SplitMix random) {
        int[] order = inOrder();
        for (int i = SIZE - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
        return order;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = a;
        for (int bits = b; bits != 0; bits >>= 1) {
            if ((bits & 1) != 0) {
                product ^= shifted;
            }
            shifted <<= 1;
            if ((shifted & SIZE) != 0) {
                shifted ^= POLYNOMIAL;
            }
        }
        return product;
    }

    private static int cube(int x) {
        return multiply(x, multiply(x, x));
    }

    /** x + x² + x⁴ + x⁸ + x¹⁶, which is 0 or 1. */
    private static int trace(int x) {
        int sum = 0;
        int power = x;
        for (int i = 0; i < 5; i++) {
            sum ^= power;
            power = multiply(power, power);
        }
        return sum;
    }
}
