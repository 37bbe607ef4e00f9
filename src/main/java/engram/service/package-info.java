/**
 * Where plain objects become a running service: typed configuration, wiring, guards, health, telemetry and commands. The
 * packages below know nothing of it.
 */
@NullMarked
package engram.service;

import org.jspecify.annotations.NullMarked;
