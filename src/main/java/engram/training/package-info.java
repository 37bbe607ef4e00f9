/**
 * Training: the trainer that joins agent, environment and shared memory, evaluation, checkpoints that resume bit for bit,
 * and what a person watches it by (TensorBoard events, monitor files, a profile).
 */
@NullMarked
package engram.training;

import org.jspecify.annotations.NullMarked;
