package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.environment.Action;
import engram.environment.ActionSpace;
import engram.environment.AutoReset;
import engram.error.InvalidInput;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What clients ask of instances of environments. */
final class EnvironmentRequests {
    private EnvironmentRequests() {}

    /** An instance that is asked for. */
    @Schema(
            name = "NewEnvironmentInstance",
            description = "A single instance, or with instances a batch that is stepped together",
            additionalProperties = Schema.False.class)
    record New(
            @Schema(description = "How many are stepped together; left out for a single one", minimum = "1") @Nullable
            Integer instances,

            @Schema(
                    description =
                            "When the next episode of a batch begins: in the step after the one that finished (the"
                                    + " default), or within it",
                    enumeration = {"nextStep", "sameStep"})
            @Nullable
            String autoReset) {
        AutoReset mode() {
            if (autoReset != null && instances == null) {
                throw new InvalidInput("autoReset", "is for a batch; a single instance is reset by its client");
            }
            return switch (autoReset) {
                case null -> AutoReset.NEXT_STEP;
                case "nextStep" -> AutoReset.NEXT_STEP;
                case "sameStep" -> AutoReset.SAME_STEP;
                default ->
                    throw new InvalidInput(
                            "autoReset", "is nextStep or sameStep, not '" + Names.shortened(autoReset) + "'");
            };
        }
    }

    /** An episode that is to begin. */
    @Schema(
            name = "EnvironmentReset",
            description = "An episode that is to begin",
            additionalProperties = Schema.False.class)
    record Reset(
            @Schema(
                    description =
                            "Where the generator begins; of instance i of a batch, i more. Without one it goes on",
                    minimum = "0")
            @Nullable
            Long seed) {}

    /** A step that is to be taken. */
    @Schema(
            name = "EnvironmentStep",
            description = "The action of a single instance, or those of all of a batch",
            additionalProperties = Schema.False.class)
    record Step(
            @Schema(
                    implementation = Object.class,
                    description = "A whole number, or an array of numbers where actions are continuous",
                    examples = "1")
            @Nullable
            JsonNode action,

            @Schema(implementation = Object[].class, description = "One action for each instance of a batch") @Nullable
            JsonNode actions) {
        Action single(ActionSpace space) {
            if (actions != null || action == null) {
                throw new InvalidInput("action", "is needed, and no actions: this is a single instance");
            }
            return read("action", action, space);
        }

        float[] batch(ActionSpace space, int size) {
            if (action != null || actions == null) {
                throw new InvalidInput("actions", "are needed, and no action: this is a batch");
            }
            if (!actions.isArray() || actions.size() != size) {
                throw new InvalidInput("actions", "must be an array of " + size + ", one action for each instance");
            }
            float[] flat = new float[size * space.width()];
            for (int i = 0; i < size; i++) {
                String field = "actions[" + i + "]";
                try {
                    space.flatten(read(field, actions.path(i), space), flat, i * space.width());
                } catch (InvalidInput e) {
                    throw new InvalidInput(field, e.errors().getFirst().message());
                }
            }
            return flat;
        }

        private static Action read(String field, JsonNode json, ActionSpace space) {
            return switch (space) {
                case ActionSpace.Discrete(int count) -> {
                    if (!json.isIntegralNumber() || !json.canConvertToInt()) {
                        throw new InvalidInput(field, "must be a whole number from 0 to " + (count - 1));
                    }
                    yield new Action.Discrete(json.intValue());
                }
                case ActionSpace.Box box -> {
                    if (!json.isArray() || json.size() != box.width()) {
                        throw new InvalidInput(field, "must be an array of " + box.width() + " numbers");
                    }
                    float[] values = new float[json.size()];
                    for (int i = 0; i < values.length; i++) {
                        if (!json.path(i).isNumber()) {
                            throw new InvalidInput(field + "[" + i + "]", "must be a number");
                        }
                        values[i] = json.path(i).floatValue();
                    }
                    yield new Action.Continuous(values);
                }
            };
        }
    }
}
