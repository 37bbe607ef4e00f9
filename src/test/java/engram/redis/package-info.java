/** A private Redis with vector search for tests, and the test of the command that starts it. */
@NullMarked
package engram.redis;

import org.jspecify.annotations.NullMarked;
