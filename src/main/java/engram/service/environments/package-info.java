/** Environments as a service: instances of the built-in ones for clients, and those that clients offer. */
@NullMarked
package engram.service.environments;

import org.jspecify.annotations.NullMarked;
