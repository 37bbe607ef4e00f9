package engram.environment;

import java.util.Objects;

/**
 * The beginning of an episode.
 *
 * @param observation what is seen first; as many numbers as the observation space has. It belongs to the receiver
 * @param info what else the environment has to say
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reset(float[] observation, Info info) {
    public Reset {
        Objects.requireNonNull(observation, "observation");
        Objects.requireNonNull(info, "info");
    }
}
