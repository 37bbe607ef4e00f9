/** Checks of the recordings under {@code samples/} and of the Python scripts that made them. */
@NullMarked
package engram.samples;

import org.jspecify.annotations.NullMarked;
