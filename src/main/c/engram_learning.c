/*
 * The loops of an agent's update between its matrix products; see engram_kernels.c. They round after every operation, as
 * Java does, so that a network learns the same in the binary and on a JVM: to be compiled without fused operations
 * (-ffp-contract=off), and with rounding that nobody watches, or they stay scalar (-fno-math-errno -fno-trapping-math).
 */
#include <float.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

/* Sums of squares run in so many lanes, as they do in Java. */
#define LANES 8

/* One step of Adam over `count` parameters. */
EXPORT void engram_adam(
    float *restrict values, const float *restrict gradients, float *restrict first, float *restrict second, int32_t count,
    float clipping, float weight_decay, float first_share, float second_decay, float second_share, float rate,
    float root_scale, float epsilon) {
    for (int i = 0; i < count; i++) {
        float g = gradients[i] * clipping + weight_decay * values[i];
        float m = first[i] + (g - first[i]) * first_share;
        float v = second[i] * second_decay + g * g * second_share;
        first[i] = m;
        second[i] = v;
        values[i] -= rate * m / (__builtin_sqrtf(v) * root_scale + epsilon);
    }
}

/* Replaces what is below 0 by 0. */
EXPORT void engram_relu(float *values, int32_t count) {
    for (int i = 0; i < count; i++) {
        /* The sum makes 0 of -0. */
        values[i] = (0 > values[i] ? 0 : values[i]) + 0.0f;
    }
}

/* Multiplies what is below 0 by a slope below 1. */
EXPORT void engram_leaky_relu(float *values, int32_t count, float slope) {
    for (int i = 0; i < count; i++) {
        float low = slope * values[i];
        values[i] = low > values[i] ? low : values[i];
    }
}

/* Multiplies slopes by 1 where the output of a rectifier is positive, and by its slope elsewhere. */
EXPORT void engram_relu_slopes(float *restrict slopes, const float *restrict outputs, int32_t count, float slope) {
    for (int i = 0; i < count; i++) {
        float factor = outputs[i] * FLT_MAX;
        factor = 1 < factor ? 1 : factor;
        /* The sum makes 0 of -0. */
        slopes[i] *= (slope > factor ? slope : factor) + 0.0f;
    }
}

/* Adds the rows of a matrix to one row, one after the other. */
EXPORT void engram_add_rows(float *restrict sums, const float *restrict rows, int32_t count, int32_t width) {
    for (int row = 0; row < count; row++) {
        for (int i = 0; i < width; i++) {
            sums[i] += rows[(int64_t)row * width + i];
        }
    }
}

/* The sum of squares. */
EXPORT double engram_sum_of_squares(const float *values, int32_t count) {
    double sums[LANES] = {0};
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
            double value = values[i + lane];
            sums[lane] += value * value;
        }
    }
    for (; i < count; i++) {
        sums[0] += (double)values[i] * values[i];
    }
    double total = 0;
    for (int lane = 0; lane < LANES; lane++) {
        total += sums[lane];
    }
    return total;
}

/* Moves values towards others by a share of the way. */
EXPORT void engram_blend(float *restrict values, const float *restrict others, int32_t count, float share) {
    for (int i = 0; i < count; i++) {
        values[i] += share * (others[i] - values[i]);
    }
}

/* Exchanges rows and columns, tile by tile. */
EXPORT void engram_transpose(const float *restrict values, int32_t rows, int32_t columns, float *restrict turned) {
    enum { TILE = 8 };
    for (int top = 0; top < rows; top += TILE) {
        int bottom = top + TILE < rows ? top + TILE : rows;
        for (int column = 0; column < columns; column++) {
            for (int row = top; row < bottom; row++) {
                turned[(int64_t)column * rows + row] = values[(int64_t)row * columns + column];
            }
        }
    }
}
