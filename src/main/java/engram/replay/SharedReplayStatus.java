package engram.replay;

import java.time.Instant;
import java.util.Optional;

/**
 * How it stands with replay over a shared space.
 *
 * @param attached whether the space answered when it was looked at last; otherwise the learner goes on from what is held
 * @param lastError why not, or what went wrong last; empty if nothing has
 * @param held how many experiences are held here
 * @param refreshed when the space answered last; empty if it never has
 * @param unusable how many memories were passed over because they hold no transition of the learner's widths
 * @param waiting how many own transitions wait to be remembered
 * @param remembered how many own transitions the space has taken
 * @param dropped how many were dropped because the space stayed away for too long
 * @param rejected how many the space could not take as they are
 */
public record SharedReplayStatus(
        boolean attached,
        Optional<String> lastError,
        int held,
        Optional<Instant> refreshed,
        long unusable,
        int waiting,
        long remembered,
        long dropped,
        long rejected) {}
