package engram.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.run.Run;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A long job. */
@Schema(name = "Run", description = "A long job with progress, cancellation and a result")
record RunView(
        @Schema(required = true, description = "Its id") String id,

        @Schema(required = true, description = "What sort of job it is", examples = "encoder-training")
        String kind,

        @Schema(
                required = true,
                description = "What it works on, such as the name of a space; empty where there is no one thing",
                examples = "world")
        String subject,

        @Schema(
                required = true,
                enumeration = {"queued", "running", "succeeded", "failed", "cancelled"},
                description = "How far it has come",
                examples = "running")
        String status,

        @Schema(required = true, minimum = "0", maximum = "1", description = "The fraction that is done")
        double progress,

        @Schema(required = true, description = "One line for a person; may be empty")
        String message,

        @Schema(required = true, description = "Figures by name")
        Map<String, Double> metrics,

        @Schema(
                required = true,
                nullable = true,
                implementation = Object.class,
                type = SchemaType.OBJECT,
                description = "What it returned; null unless it succeeded")
        @Nullable
        ObjectNode result,

        @Schema(required = true, nullable = true, description = "Why it failed; null unless it failed") @Nullable
        RunProblem problem,

        @Schema(required = true, format = "date-time", description = "When it was asked for")
        String created,

        @Schema(required = true, nullable = true, format = "date-time", description = "When it began; null before")
        @Nullable
        String started,

        @Schema(required = true, nullable = true, format = "date-time", description = "When it ended; null before")
        @Nullable
        String finished) {

    /** Why a run failed. */
    @Schema(name = "RunProblem", description = "Why a run failed")
    record RunProblem(
            @Schema(required = true, description = "The sort of failure")
            String title,

            @Schema(required = true, description = "What happened this time")
            String detail) {}

    static RunView of(Run run) {
        Run.Problem problem = run.problem();
        return new RunView(
                run.id(),
                run.kind(),
                run.subject(),
                run.status().jsonName(),
                run.progress(),
                run.message(),
                run.metrics(),
                run.result(),
                problem == null ? null : new RunProblem(problem.title(), problem.detail()),
                run.created().toString(),
                text(run.started()),
                text(run.finished()));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
