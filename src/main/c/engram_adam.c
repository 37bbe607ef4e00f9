/* The step of the optimizer, the longest loop of an agent's update; see engram_kernels.c. */
#include <stdint.h>

/*
 * One step of Adam over `count` parameters. Rounds after every operation, as Java does, so that a network learns the same
 * in the binary and on a JVM: to be compiled without fused operations (-ffp-contract=off -fno-math-errno).
 */
__attribute__((visibility("default"))) void engram_adam(
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
