/**
 * The HTTP API, version 1: REST resources with their request and response records. Maps and delegates, decides nothing.
 */
@NullMarked
package engram.api;

import org.jspecify.annotations.NullMarked;
