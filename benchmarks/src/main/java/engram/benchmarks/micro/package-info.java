/** Micro-benchmarks of the pieces that every memory and every recall passes through (JMH). */
@NullMarked
package engram.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
