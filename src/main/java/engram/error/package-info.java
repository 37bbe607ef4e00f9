/**
 * The exceptions of Engram: one sealed family whose two branches tell a caller whether trying again can help. Every
 * failure that crosses a package boundary is one of these.
 */
@NullMarked
package engram.error;

import org.jspecify.annotations.NullMarked;
