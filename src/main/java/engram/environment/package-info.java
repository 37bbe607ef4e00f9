/**
 * What an agent acts in. The contract is Gymnasium's: {@link engram.environment.Environment#reset reset} begins an
 * episode, {@link engram.environment.Environment#step step} takes an action and says what followed, and {@code terminated}
 * (the task ended) and {@code truncated} (someone stopped counting) are two things. {@link engram.environment.Environments}
 * makes the five classic-control tasks, which reproduce Gymnasium's numbers; {@link engram.environment.VectorEnvironment}
 * steps many of them together.
 */
@NullMarked
package engram.environment;

import org.jspecify.annotations.NullMarked;
