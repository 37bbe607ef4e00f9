/** The stores as a program that embeds Engram uses them, without a service around them. */
@NullMarked
package engram.benchmarks.store;

import org.jspecify.annotations.NullMarked;
