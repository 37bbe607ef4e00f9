package engram.memory;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One remembered thing, as a store returns it.
 *
 * @param id unique within the space; chosen by the client or a UUIDv7
 * @param agent whose memory it is
 * @param kind what it is about
 * @param step the agent's step, null where it has none
 * @param time when it happened; milliseconds precision
 * @param tier where it is kept now
 * @param payload what was sent: members {@code state}, {@code action}, {@code interaction}, {@code experience},
 *     {@code text}, {@code context}; in LTM only the declared features of the state (and a text, which no vector can
 *     bring back) unless pinned
 * @param reduced true once the payload has lost something it was sent with, so that its state must be reconstructed
 * @param tags scalars by name
 * @param reward the reward that came with it, null where none did
 * @param pinned whether it keeps its payload and is never merged or forgotten
 * @param importance the value set by a client in [0,1], null where the formula of {@link Importance} applies
 * @param surprise the percentile in [0,1] of its reconstruction error among recent ones when it was written
 * @param recalls how often it was returned by a recall
 * @param lastRecalled when it was last returned by a recall, null if never
 * @param count how many memories it stands for: 1, or more after a merge
 * @param derivedFrom the ids it was merged from; empty for an original
 * @param created when it was stored
 * @param revision counts its changes from 1; the ETag
 * @param sequence the store-wide number of its last change; grows with every change in the space
 */
public record Memory(
        String id,
        String agent,
        Kind kind,
        @Nullable Long step,
        Instant time,
        Tier tier,
        JsonObject payload,
        boolean reduced,
        JsonObject tags,
        @Nullable Double reward,
        boolean pinned,
        @Nullable Double importance,
        double surprise,
        long recalls,
        @Nullable Instant lastRecalled,
        long count,
        List<String> derivedFrom,
        Instant created,
        long revision,
        long sequence) {
    public Memory {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(agent, "agent");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(tags, "tags");
        Objects.requireNonNull(created, "created");
        derivedFrom = List.copyOf(derivedFrom);
        if (importance != null && !(importance >= 0 && importance <= 1)) {
            throw new IllegalArgumentException("importance is in [0,1], not " + importance);
        }
        if (!(surprise >= 0 && surprise <= 1)) {
            throw new IllegalArgumentException("surprise is in [0,1], not " + surprise);
        }
        if (count < 1) {
            throw new IllegalArgumentException("a memory stands for at least one, not " + count);
        }
    }
}
