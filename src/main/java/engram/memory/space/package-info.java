/**
 * Spaces: a memory store, its feature schema, its encoders and its tier policy behind one small set of operations. What
 * a service or an embedding program talks to.
 */
@NullMarked
package engram.memory.space;

import org.jspecify.annotations.NullMarked;
