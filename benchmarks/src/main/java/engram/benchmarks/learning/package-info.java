/** Studies of learning: how well and how fast agents learn, seed by seed. */
@NullMarked
package engram.benchmarks.learning;

import org.jspecify.annotations.NullMarked;
