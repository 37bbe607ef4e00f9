/**
 * Long jobs: each is a run with progress, cancellation and a result. {@link engram.run.Runs} executes them on a few
 * threads of its own and keeps their history across restarts.
 */
@NullMarked
package engram.run;

import org.jspecify.annotations.NullMarked;
