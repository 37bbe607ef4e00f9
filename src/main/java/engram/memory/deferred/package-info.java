/**
 * Writes that wait on this machine while the store of their space is away: a durable spool, and their delivery in order.
 */
@NullMarked
package engram.memory.deferred;

import org.jspecify.annotations.NullMarked;
