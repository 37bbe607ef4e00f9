/**
 * Memories on their way out of and into a space: Engram's own format, one memory a line with a checksum, and the JSON
 * export of the AgentMemory library. Everything streams; no file need fit into memory.
 */
@NullMarked
package engram.memory.transfer;

import org.jspecify.annotations.NullMarked;
