package engram.api;

import engram.run.Run;
import engram.run.Runs;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The snapshots of a run; a slow client misses some, but never the last one. */
final class RunEvents extends EventSource {
    private final Runs runs;
    private final String id;
    private final AtomicReference<@Nullable Run> latest = new AtomicReference<>();
    private volatile boolean over;

    RunEvents(Runs runs, String id, Sse sse) {
        super(sse);
        this.runs = runs;
        this.id = id;
    }

    @Override
    AutoCloseable watch() {
        return runs.subscribe(id, run -> {
            latest.set(run);
            wake();
        });
    }

    @Override
    List<OutboundSseEvent> read() {
        Run run = latest.getAndSet(null);
        if (run == null) {
            return List.of();
        }
        over = run.status().isFinal();
        return List.of(sse().newEventBuilder()
                .name("run")
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(RunView.class, RunView.of(run))
                .build());
    }

    @Override
    boolean isOver() {
        return over;
    }
}
