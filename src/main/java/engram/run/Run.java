package engram.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A long job as it was at one moment.
 *
 * @param id unique among the runs
 * @param kind what sort of job, such as {@code encoder-training}
 * @param subject what it works on, such as the name of a space; empty where there is no one thing
 * @param status how far it has come
 * @param progress the fraction that is done, in [0,1]
 * @param message one line for a person; may be empty
 * @param metrics figures by name, sorted
 * @param result what it returned, null unless succeeded; each call gives a copy
 * @param problem why it failed, null unless failed
 * @param created when it was submitted
 * @param started when a thread took it up, null before
 * @param finished when it ended, null before
 */
public record Run(
        String id,
        String kind,
        String subject,
        Status status,
        double progress,
        String message,
        SortedMap<String, Double> metrics,
        @Nullable ObjectNode result,
        @Nullable Problem problem,
        Instant created,
        @Nullable Instant started,
        @Nullable Instant finished) {
    public Run {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(created, "created");
        if (!(progress >= 0 && progress <= 1)) {
            throw new IllegalArgumentException("progress is in [0,1], not " + progress);
        }
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
        result = result == null ? null : result.deepCopy();
    }

    @Override
    public @Nullable ObjectNode result() {
        return result == null ? null : result.deepCopy();
    }

    /** Its place in a listing. */
    public Position position() {
        return new Position(created, id);
    }

    /** How far a run has come. The JSON name is the constant's in lower case. */
    public enum Status {
        /** It waits for a thread. */
        QUEUED,
        /** A thread works on it. */
        RUNNING,
        /** It returned a result. */
        SUCCEEDED,
        /** It ended with a problem. */
        FAILED,
        /** It stopped because someone asked it to. */
        CANCELLED;

        /** The name in JSON. */
        public String jsonName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether a run of this status will not change any more. */
        public boolean isFinal() {
            return this != QUEUED && this != RUNNING;
        }
    }

    /**
     * Why a run failed.
     *
     * @param title the sort of failure, the same for every failure of that sort
     * @param detail what happened this time
     */
    public record Problem(String title, String detail) {
        public Problem {
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /** A place in the order of runs: by the time of submission, then by id. */
    public record Position(Instant created, String id) implements Comparable<Position> {
        private static final Comparator<Position> ORDER =
                Comparator.comparing(Position::created).thenComparing(Position::id);

        public Position {
            Objects.requireNonNull(created, "created");
            Objects.requireNonNull(id, "id");
        }

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    Run started(Instant at) {
        return new Run(id, kind, subject, Status.RUNNING, progress, message, metrics, null, null, created, at, null);
    }

    Run reported(double fraction, String line, Map<String, Double> figures) {
        SortedMap<String, Double> all = new TreeMap<>(metrics);
        all.putAll(figures);
        double within = Double.isNaN(fraction) ? progress : Math.clamp(fraction, 0.0, 1.0);
        return new Run(id, kind, subject, status, within, line, all, null, null, created, started, null);
    }

    Run succeeded(ObjectNode outcome, Instant at) {
        return new Run(id, kind, subject, Status.SUCCEEDED, 1, message, metrics, outcome, null, created, started, at);
    }

    Run failed(Problem why, Instant at) {
        return new Run(id, kind, subject, Status.FAILED, progress, message, metrics, null, why, created, started, at);
    }

    Run cancelled(Instant at) {
        return new Run(
                id, kind, subject, Status.CANCELLED, progress, message, metrics, null, null, created, started, at);
    }
}
