/** What stands between the service and a store outside its process: timeouts, retries, a circuit breaker, bulkheads. */
@NullMarked
package engram.service.guard;

import org.jspecify.annotations.NullMarked;
