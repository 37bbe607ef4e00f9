/**
 * Who may do what: keys, what they are granted, how often they may ask, and a log of what administrators did. Every door
 * of the service asks {@link engram.service.access.AccessControl}.
 */
@NullMarked
package engram.service.access;

import org.jspecify.annotations.NullMarked;
