/**
 * Every error answer of the API: problem details of RFC 9457 with a stable type and the names of the offending fields,
 * never a stack trace or the name of a class.
 */
@NullMarked
package engram.api.problem;

import org.jspecify.annotations.NullMarked;
