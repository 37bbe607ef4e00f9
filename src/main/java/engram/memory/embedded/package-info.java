/**
 * The embedded store: SQLite keeps the record of each space, and Lucene indexes derived from it find the nearest
 * memories. {@link engram.memory.embedded.EmbeddedMemoryStores} opens a data directory,
 * {@link engram.memory.embedded.EmbeddedMaintenance} backs it up, checks it and repairs it.
 */
@NullMarked
package engram.memory.embedded;

import org.jspecify.annotations.NullMarked;
