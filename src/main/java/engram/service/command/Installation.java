package engram.service.command;

import engram.memory.embedded.EmbeddedSettings;
import engram.memory.space.SpaceSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the commands know of the settings.
 *
 * @param dataDirectory the directory of everything that is kept; it need not exist
 * @param store how the store uses disk, memory and processors
 * @param spaces the settings of a space that names none itself
 * @param longestItem how many bytes one item of an import may have
 * @param address where the service of these settings would answer, such as {@code http://127.0.0.1:8080}; empty if the
 *     settings do not say
 */
public record Installation(
        Path dataDirectory, EmbeddedSettings store, SpaceSettings spaces, int longestItem, Optional<String> address) {
    Installation withDataDirectory(Path other) {
        return new Installation(other, store, spaces, longestItem, address);
    }
}
