/**
 * Experience replay: tables of transitions in this process, composed of a capacity, a {@link engram.replay.Sampler}, a
 * {@link engram.replay.Remover} and a {@link engram.replay.RateLimiter} after Reverb (Cassirer et al. 2021), and replay
 * over the experiences of a shared space.
 */
@NullMarked
package engram.replay;

import org.jspecify.annotations.NullMarked;
