package engram.service.command;

import engram.error.InvalidInput;
import engram.memory.embedded.EmbeddedSettings;
import engram.memory.space.SpaceSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the commands know of the settings.
 *
 * @param dataDirectory the directory of everything that is kept; it need not exist
 * @param shared whether the memory is in Redis; the data directory then holds nothing that a command could work on
 * @param store how the store uses disk, memory and processors
 * @param spaces the settings of a space that names none itself
 * @param longestItem how many bytes one item of an import may have
 * @param address where the service of these settings would answer, such as {@code http://127.0.0.1:8080}; empty if the
 *     settings do not say
 * @param key the access key that commands show to a service; a secret
 */
public record Installation(
        Path dataDirectory,
        boolean shared,
        EmbeddedSettings store,
        SpaceSettings spaces,
        int longestItem,
        Optional<String> address,
        Optional<String> key) {
    /**
     * The data directory of a memory that is in it.
     *
     * @throws InvalidInput if the memory is in Redis
     */
    Path memoryDirectory() {
        if (shared) {
            throw new InvalidInput(
                    "engram.store",
                    "is redis, and what is in Redis is done through a service: start one with './engram serve', or name one"
                            + " with --url where the command takes it. To work on the memory in " + dataDirectory
                            + ", set ENGRAM_STORE=embedded");
        }
        return dataDirectory;
    }

    Installation withDataDirectory(Path other) {
        return new Installation(other, shared, store, spaces, longestItem, address, key);
    }
}
