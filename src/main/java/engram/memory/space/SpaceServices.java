package engram.memory.space;

import engram.encoder.EncoderFiles;
import engram.encoder.TextEncoder;
import engram.memory.Leases;
import engram.memory.MemoryStores;
import engram.run.Runs;
import engram.tensor.TensorEngine;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What spaces work with. Nothing of it is closed by them but the stores.
 *
 * @param stores where memories and settings are kept; closed with the spaces
 * @param replicas what is shared with other processes that have the same stores
 * @param directory where each space keeps its encoders, in {@code spaces/<space>/encoders}; of this process alone
 * @param text embeds texts for all spaces
 * @param tensors where encoders are trained
 * @param runs executes training and re-embedding
 * @param clock tells the time
 * @param ids a new id for a memory each time
 * @param defaults the settings that a space has where it names none itself
 */
public record SpaceServices(
        MemoryStores stores,
        Replicas replicas,
        Path directory,
        TextEncoder text,
        TensorEngine tensors,
        Runs runs,
        InstantSource clock,
        Supplier<String> ids,
        SpaceSettings defaults) {
    /** The trained encoders of a space. */
    EncoderLibrary encoders(String space) {
        return new EncoderLibrary(
                space,
                new EncoderFiles(directory.resolve("spaces").resolve(space).resolve("encoders")),
                replicas.documents());
    }

    /** Takes the turn at some work on a space; empty if somebody else has it. */
    Optional<Leases.Lease> turn(String space, String work) {
        return replicas.leases().acquire("spaces/" + space + "/" + work);
    }
}
