/** Loops in C that a native binary has linked into it, because its Java code is not compiled to vector instructions. */
@NullMarked
package engram.tensor.kernel;

import org.jspecify.annotations.NullMarked;
