package engram.training;

import engram.agent.AgentSettings;
import engram.environment.ActionSpace;
import engram.environment.ObservationSpace;
import engram.error.InvalidInput;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an agent is.
 *
 * @param id 1 to 64 letters, digits, {@code .}, {@code -} and {@code _}, of which the first is a letter or digit
 * @param settings how it learns
 * @param space the shared memory it lives from; empty for none
 * @param environment the name of the environment it is made for; empty where it was given observations and actions
 * @param observations what it sees
 * @param actions what it may do
 * @param seed of all its chance
 * @param created when it was made
 */
public record AgentDefinition(
        String id,
        AgentSettings settings,
        Optional<String> space,
        Optional<String> environment,
        ObservationSpace observations,
        ActionSpace actions,
        long seed,
        Instant created) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public AgentDefinition {
        requireId(id);
    }

    /**
     * Makes sure that something may be the id of an agent.
     *
     * @throws InvalidInput naming {@code id}
     */
    public static void requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new InvalidInput(
                    "id", "must be 1 to 64 letters, digits, '.', '-' and '_', of which the first is a letter or digit");
        }
    }
}
