package engram.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import engram.environment.Info;
import engram.environment.VectorEnvironment;
import engram.environment.VectorStep;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What instances of environments answer. */
final class EnvironmentAnswers {
    private static final String MASK = "actionMask";

    private EnvironmentAnswers() {}

    /** An instance. */
    @Schema(name = "EnvironmentInstance", description = "An instance of an environment, of a client")
    record Instance(
            @Schema(required = true, description = "Its id") String id,

            @Schema(required = true, description = "The name of the environment")
            String environment,

            @Schema(
                    required = true,
                    nullable = true,
                    description = "How many are stepped together; null for a single one")
            @Nullable
            Integer instances) {}

    /** What followed a reset or a step. */
    @Schema(
            name = "EnvironmentAnswer",
            description = "What followed: the fields of a single instance, or those of a batch with one row for each. A"
                    + " reset has no reward and no ends")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @SuppressWarnings("ArrayRecordComponent") // lives for one answer, never compared
    record Followed(
            @Schema(description = "What is seen now") float @Nullable [] observation,

            @Schema(description = "What the action earned") @Nullable
            Double reward,

            @Schema(description = "Whether the task ended here") @Nullable
            Boolean terminated,

            @Schema(description = "Whether the episode was cut off here, by a time limit") @Nullable
            Boolean truncated,

            @Schema(
                    implementation = Object.class,
                    type = SchemaType.OBJECT,
                    description = "What else the environment says, such as an actionMask")
            @Nullable
            Map<String, Object> info,

            @Schema(description = "What is seen now, of each instance")
            float @Nullable [] @Nullable [] observations,

            @Schema(description = "What the actions earned") double @Nullable [] rewards,

            @Schema(description = "Whose task ended here; of a batch")
            boolean @Nullable [] terminations,

            @Schema(description = "Whose episode was cut off here; of a batch")
            boolean @Nullable [] truncations,

            @Schema(description = "Whose observation is the first of an episode that no action of its own led to")
            boolean @Nullable [] began,

            @Schema(description = "The last observation of an episode that ended here; null in the other rows")
            float @Nullable [] @Nullable [] finalObservations,

            @Schema(
                    implementation = Object[].class,
                    description = "What else the environments say; left out if none says anything")
            @Nullable
            List<Map<String, Object>> infos) {
        static Followed of(engram.environment.Reset reset) {
            return new Followed(
                    reset.observation(),
                    null,
                    null,
                    null,
                    json(reset.info()),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        static Followed of(engram.environment.Step step) {
            return new Followed(
                    step.observation(),
                    step.reward(),
                    step.terminated(),
                    step.truncated(),
                    json(step.info()),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        /** @param step copied, because it is overwritten by the next one */
        static Followed of(VectorEnvironment batch, VectorStep step) {
            int width = batch.observations().width();
            float[][] observations = new float[batch.size()][];
            float[] @Nullable [] last = new float[batch.size()][];
            for (int row = 0; row < batch.size(); row++) {
                observations[row] = Arrays.copyOfRange(step.observations(), row * width, (row + 1) * width);
                last[row] = step.finished(row)
                        ? Arrays.copyOfRange(step.finalObservations(), row * width, (row + 1) * width)
                        : null;
            }
            List<Map<String, Object>> infos =
                    Arrays.stream(step.infos()).map(Followed::json).toList();
            return new Followed(
                    null,
                    null,
                    null,
                    null,
                    null,
                    observations,
                    step.rewards().clone(),
                    step.terminated().clone(),
                    step.truncated().clone(),
                    step.began().clone(),
                    last,
                    infos.stream().allMatch(Map::isEmpty) ? null : infos);
        }

        private static Map<String, Object> json(Info info) {
            boolean[] mask = info.actionMask();
            if (mask == null) {
                return info.values();
            }
            Map<String, Object> values = new LinkedHashMap<>(info.values());
            values.put(MASK, mask);
            return values;
        }
    }
}
