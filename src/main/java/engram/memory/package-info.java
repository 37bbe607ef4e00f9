/**
 * Memories and where they live: values, the {@link engram.memory.MemoryStore} interface that the embedded store and the
 * Redis store implement, filters, tiers and spaces.
 */
@NullMarked
package engram.memory;

import org.jspecify.annotations.NullMarked;
