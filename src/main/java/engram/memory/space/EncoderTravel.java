package engram.memory.space;

import engram.encoder.EncoderFiles;
import engram.encoder.StoredEncoder;
import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.memory.JsonObject;
import engram.memory.Leases;
import engram.memory.MemoryStore;
import engram.memory.transfer.Header;
import java.util.Base64;
import java.util.Optional;

/** Takes a trained encoder out of a space with its memories, and into another one that has none yet. Thread-safe. */
final class EncoderTravel {
    private final MemoryStore store;
    private final LiveEncoders live;
    private final EncoderLibrary library;
    private final EncoderVersions versions;
    private final TurnRuns turns;

    EncoderTravel(
            MemoryStore store, LiveEncoders live, EncoderLibrary library, EncoderVersions versions, TurnRuns turns) {
        this.store = store;
        this.live = live;
        this.library = library;
        this.versions = versions;
        this.turns = turns;
    }

    /**
     * What a file of a space begins with.
     *
     * @param withEncoder whether the active encoder travels
     */
    Header header(String space, SpaceSettings settings, boolean withEncoder) {
        versions.refresh();
        return new Header(
                space,
                JsonObject.of(settings.toJson()),
                live.use(versions::fingerprints),
                withEncoder ? active().orElse(null) : null);
    }

    /** The active encoder as a file takes it along; empty for the untrained one, which every space has. */
    private Optional<Header.TravellingEncoder> active() {
        int active = live.versions().active();
        return active == 0
                ? Optional.empty()
                : Optional.of(new Header.TravellingEncoder(
                        active, Base64.getEncoder().encodeToString(EncoderFiles.archive(library.load(active)))));
    }

    /**
     * Takes over the encoder of a file, so that nothing is lost of the memories whose state is gone. Only a space without
     * memories does: those of others stay as they are, and what the file brings is embedded anew.
     *
     * @throws InvalidInput if the file's encoder is damaged
     */
    void arriving(Header.TravellingEncoder travelling) {
        Optional<Leases.Lease> turn = store.statistics().total() > 0 ? Optional.empty() : turns.tryTurn();
        if (turn.isEmpty()) {
            return;
        }
        try (Leases.Lease mine = turn.get()) {
            StoredEncoder encoder = EncoderFiles.ofArchive(
                    travelling.version(), Base64.getDecoder().decode(travelling.archive()), "the encoder in the file");
            versions.adopt(encoder, mine);
        } catch (Damaged | IllegalArgumentException e) {
            throw new InvalidInput("encoder", "cannot be used: " + e.getMessage());
        }
    }
}
