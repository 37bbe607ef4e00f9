package engram.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.environment.EnvironmentHealth;
import engram.environment.EnvironmentSpec;
import engram.service.environments.OfferHealth;
import engram.training.AgentDefinitionJson;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An environment. */
@Schema(name = "Environment", description = "An environment that agents act in")
record EnvironmentView(
        @Schema(required = true, description = "Its name", examples = "CartPole-v1")
        String name,

        @Schema(
                required = true,
                enumeration = {"builtIn", "offered"},
                description = "Whether it is built in, or offered by a client")
        String source,

        @Schema(
                required = true,
                implementation = Object.class,
                type = SchemaType.OBJECT,
                description = "What is seen: {\"low\":[…],\"high\":[…]}, null where a number has no bound")
        ObjectNode observation,

        @Schema(
                required = true,
                implementation = Object.class,
                type = SchemaType.OBJECT,
                description =
                        "What may be done: {\"count\":n} for discrete actions, {\"low\":[…],\"high\":[…]} for continuous ones")
        ObjectNode actions,

        @Schema(
                required = true,
                nullable = true,
                description = "After how many steps an episode is truncated; null if it is not, or not known")
        @Nullable
        Integer timeLimit,

        @Schema(
                required = true,
                nullable = true,
                description = "The mean return from which on the task counts as solved; null if nobody set one")
        @Nullable
        Double rewardThreshold,

        @Schema(required = true, nullable = true, description = "How an offered one is; null for a built-in one")
        @Nullable
        Health health) {
    private static final double NANOS = 1e-6;

    static EnvironmentView of(EnvironmentSpec spec, Optional<OfferHealth> health) {
        return new EnvironmentView(
                spec.name(),
                health.isPresent() ? "offered" : "builtIn",
                AgentDefinitionJson.observation(spec.observations()),
                AgentDefinitionJson.actions(spec.actions()),
                spec.timeLimit() == 0 ? null : spec.timeLimit(),
                spec.rewardThreshold().isPresent() ? spec.rewardThreshold().getAsDouble() : null,
                health.map(Health::of).orElse(null));
    }

    /** A page of environments. */
    @Schema(name = "EnvironmentList", description = "A page of environments")
    record Page(
            @Schema(required = true, description = "The environments, by name")
            List<EnvironmentView> items,

            @Schema(
                    required = true,
                    nullable = true,
                    description = "The cursor of the next page; null after the last one")
            @Nullable
            String nextCursor) {}

    /** How an offered environment is. */
    @Schema(name = "EnvironmentHealth", description = "How an offered environment is, and what has been counted of it")
    record Health(
            @Schema(
                    required = true,
                    enumeration = {"healthy", "restarting", "away"},
                    description = "Whether it can be used")
            String state,

            @Schema(required = true, description = "How many connections its client has")
            int connections,

            @Schema(required = true, description = "How many of them a training or an evaluation uses")
            int inUse,

            @Schema(required = true, description = "What went wrong last; empty if nothing has")
            String lastError,

            @Schema(required = true, description = "Steps that gave a valid result")
            long steps,

            @Schema(required = true, description = "Resets that did")
            long resets,

            @Schema(required = true, description = "Calls that did not come back in time")
            long timeouts,

            @Schema(required = true, description = "Calls that failed")
            long crashes,

            @Schema(required = true, description = "Calls whose result was not valid")
            long invalid,

            @Schema(required = true, description = "Observations outside the bounds, which are allowed")
            long outside,

            @Schema(required = true, description = "How often another instance took over")
            long restarts,

            @Schema(
                    required = true,
                    description = "How long a step takes on average, in milliseconds; 0 before the first")
            double meanStepMilliseconds,

            @Schema(required = true, description = "How long the longest step took, in milliseconds")
            double longestStepMilliseconds) {
        static Health of(OfferHealth health) {
            EnvironmentHealth uses = health.uses();
            return new Health(
                    uses.state().name().toLowerCase(Locale.ROOT),
                    health.connections(),
                    health.inUse(),
                    uses.lastError(),
                    uses.steps(),
                    uses.resets(),
                    uses.timeouts(),
                    uses.crashes(),
                    uses.invalid(),
                    uses.outside(),
                    uses.restarts(),
                    uses.steps() == 0 ? 0 : milliseconds(uses.stepTime()) / uses.steps(),
                    milliseconds(uses.longestStep()));
        }

        private static double milliseconds(Duration duration) {
            return duration.toNanos() * NANOS;
        }
    }
}
