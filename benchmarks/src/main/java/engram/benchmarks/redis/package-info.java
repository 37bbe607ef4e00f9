/** The store in Redis beside raw commands of redis-py. */
@NullMarked
package engram.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
