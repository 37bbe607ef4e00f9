package engram.agent;

import engram.error.InvalidInput;
import engram.tensor.AdamState;
import engram.tensor.ParameterValues;
import java.util.Map;

/**
 * All that a learner needs to go on, apart from its settings. Immutable.
 *
 * @param parameters networks by name
 * @param optimizers what each optimizer remembers, by name
 * @param numbers counters and states of random generators, by name
 */
public record LearnerState(
        Map<String, ParameterValues> parameters, Map<String, AdamState> optimizers, Map<String, Long> numbers) {
    public LearnerState {
        parameters = Map.copyOf(parameters);
        optimizers = Map.copyOf(optimizers);
        numbers = Map.copyOf(numbers);
    }

    ParameterValues network(String name) {
        return known(parameters, name);
    }

    AdamState optimizer(String name) {
        return known(optimizers, name);
    }

    long number(String name) {
        return known(numbers, name);
    }

    private static <T> T known(Map<String, T> parts, String name) {
        T part = parts.get(name);
        if (part == null) {
            throw new InvalidInput("state", "has no part named " + name + ": it belongs to a learner of another kind");
        }
        return part;
    }
}
