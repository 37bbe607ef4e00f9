/*
 * The loops of the native binary that need vector instructions, which its Java code is not compiled to: distances between
 * embeddings and the dense layers of encoders. Linked into the binary; the JVM has the Vector API instead.
 *
 * Vectors are written with the compiler's own vector types, so that the code is the same for x86-64 and AArch64. No
 * function keeps what it is given, allocates, or can fail. All memory belongs to the caller.
 */
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

#define LANES 8
#define PANEL (2 * LANES)

/* Eight floats, anywhere in memory. */
typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

static inline lanes load(const float *from) { return *(const lanes *)from; }

static inline float sum_of(lanes v) {
    return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

static inline float tail(const float *a, const float *b, int from, int dimension) {
    float sum = 0;
    for (int i = from; i < dimension; i++) {
        float difference = a[i] - b[i];
        sum += difference * difference;
    }
    return sum;
}

static float square_distance(const float *a, const float *b, int dimension) {
    lanes first = {0}, second = {0};
    int i = 0;
    for (; i + 2 * LANES <= dimension; i += 2 * LANES) {
        lanes d = load(a + i) - load(b + i);
        lanes e = load(a + i + LANES) - load(b + i + LANES);
        first += d * d;
        second += e * e;
    }
    return sum_of(first + second) + tail(a, b, i, dimension);
}

/*
 * The squared Euclidean distances of the query to `count` vectors of `dimension` floats. Vector n begins n * stride bytes
 * after `vectors`. Four are read side by side, because most of the time goes into waiting for memory.
 */
EXPORT void engram_square_distances(const float *query, const char *vectors, int64_t stride, const int32_t *ordinals,
                                    int32_t count, int32_t dimension, float *distances) {
    int n = 0;
    for (; n + 4 <= count; n += 4) {
        const float *a = (const float *)(vectors + ordinals[n] * stride);
        const float *b = (const float *)(vectors + ordinals[n + 1] * stride);
        const float *c = (const float *)(vectors + ordinals[n + 2] * stride);
        const float *d = (const float *)(vectors + ordinals[n + 3] * stride);
        lanes sa = {0}, sb = {0}, sc = {0}, sd = {0};
        int i = 0;
        for (; i + LANES <= dimension; i += LANES) {
            lanes q = load(query + i);
            lanes da = load(a + i) - q;
            lanes db = load(b + i) - q;
            lanes dc = load(c + i) - q;
            lanes dd = load(d + i) - q;
            sa += da * da;
            sb += db * db;
            sc += dc * dc;
            sd += dd * dd;
        }
        distances[n] = sum_of(sa) + tail(a, query, i, dimension);
        distances[n + 1] = sum_of(sb) + tail(b, query, i, dimension);
        distances[n + 2] = sum_of(sc) + tail(c, query, i, dimension);
        distances[n + 3] = sum_of(sd) + tail(d, query, i, dimension);
    }
    for (; n < count; n++) {
        distances[n] = square_distance(query, (const float *)(vectors + ordinals[n] * stride), dimension);
    }
}

/* The squared distances of one sketch to `count` others that lie one after the other, all of `length` bytes. */
EXPORT void engram_sketch_distances(const int8_t *wanted, const int8_t *sketches, int32_t count, int32_t length,
                                    int32_t *distances) {
    for (int n = 0; n < count; n++) {
        const int8_t *sketch = sketches + (int64_t)n * length;
        int32_t sum = 0;
        for (int i = 0; i < length; i++) {
            int16_t difference = (int16_t)(wanted[i] - sketch[i]);
            sum += difference * difference;
        }
        distances[n] = sum;
    }
}

static void one_row(const float *row, int inputs, const float *packed, const float *bias, int panels, float *result) {
    for (int p = 0; p < panels; p++) {
        const float *matrix = packed + (int64_t)p * inputs * PANEL;
        lanes low = load(bias + p * PANEL);
        lanes high = load(bias + p * PANEL + LANES);
        for (int i = 0; i < inputs; i++) {
            if (row[i] != 0) {
                lanes value = row[i] - (lanes){0};
                low = load(matrix + i * PANEL) * value + low;
                high = load(matrix + i * PANEL + LANES) * value + high;
            }
        }
        *(lanes *)(result + p * PANEL) = low;
        *(lanes *)(result + p * PANEL + LANES) = high;
    }
}

/*
 * Multiplies `count` rows of `inputs` floats by a matrix and adds the bias. The matrix lies in panels of 16 outputs: for
 * each panel, input after input, the weights of its outputs. Each output adds input after input with fused
 * multiply-adds, so that a row has the same result alone and in any batch.
 *
 * results: count rows of 16 * panels floats
 */
EXPORT void engram_dense(const float *rows, int32_t count, int32_t inputs, const float *packed, const float *bias,
                         int32_t panels, float *results) {
    int width = panels * PANEL;
    int row = 0;
    for (; row + 4 <= count; row += 4) {
        const float *a = rows + (int64_t)row * inputs;
        const float *b = a + inputs;
        const float *c = b + inputs;
        const float *d = c + inputs;
        for (int p = 0; p < panels; p++) {
            const float *matrix = packed + (int64_t)p * inputs * PANEL;
            lanes la = load(bias + p * PANEL), lb = la, lc = la, ld = la;
            lanes ha = load(bias + p * PANEL + LANES), hb = ha, hc = ha, hd = ha;
            for (int i = 0; i < inputs; i++) {
                if (a[i] == 0 && b[i] == 0 && c[i] == 0 && d[i] == 0) {
                    continue;
                }
                lanes low = load(matrix + i * PANEL);
                lanes high = load(matrix + i * PANEL + LANES);
                lanes va = a[i] - (lanes){0};
                lanes vb = b[i] - (lanes){0};
                lanes vc = c[i] - (lanes){0};
                lanes vd = d[i] - (lanes){0};
                la = low * va + la;
                lb = low * vb + lb;
                lc = low * vc + lc;
                ld = low * vd + ld;
                ha = high * va + ha;
                hb = high * vb + hb;
                hc = high * vc + hc;
                hd = high * vd + hd;
            }
            float *result = results + (int64_t)row * width + p * PANEL;
            *(lanes *)result = la;
            *(lanes *)(result + LANES) = ha;
            *(lanes *)(result + width) = lb;
            *(lanes *)(result + width + LANES) = hb;
            *(lanes *)(result + 2 * width) = lc;
            *(lanes *)(result + 2 * width + LANES) = hc;
            *(lanes *)(result + 3 * width) = ld;
            *(lanes *)(result + 3 * width + LANES) = hd;
        }
    }
    for (; row < count; row++) {
        one_row(rows + (int64_t)row * inputs, inputs, packed, bias, panels, results + (int64_t)row * width);
    }
}
