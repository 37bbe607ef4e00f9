/** Agents of a running service: who they are, how they act, how they are taught, guarded by timeouts. */
@NullMarked
package engram.service.agents;

import org.jspecify.annotations.NullMarked;
