/** What the benchmarks remember and ask for: the same states and vectors for every seed, store and peer. */
@NullMarked
package engram.benchmarks.vectors;

import org.jspecify.annotations.NullMarked;
