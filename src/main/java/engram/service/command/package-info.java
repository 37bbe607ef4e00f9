/**
 * The commands that look after a memory and carry it from one place to another, as programs that start, do their work
 * and end. Plain objects: they know the settings as an {@link engram.service.command.Installation} and the world as a
 * {@link engram.service.command.Console}.
 */
@NullMarked
package engram.service.command;

import org.jspecify.annotations.NullMarked;
