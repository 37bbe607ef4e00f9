/** Long jobs: each is a run with progress, cancellation and a result. */
@NullMarked
package engram.run;

import org.jspecify.annotations.NullMarked;
