/** Load on a running service over HTTP: a whole process on one side, a few connections on the other. */
@NullMarked
package engram.benchmarks.load;

import org.jspecify.annotations.NullMarked;
