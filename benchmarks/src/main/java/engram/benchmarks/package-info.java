/** Measurements: JMH benchmarks and programs that print figures beside the recall they were reached at. */
@NullMarked
package engram.benchmarks;

import org.jspecify.annotations.NullMarked;
