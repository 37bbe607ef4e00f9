package engram.api;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A stream of server-sent events that is pulled: events are read when the client can take them, so a slow client costs
 * no memory. In between, something calls {@link #wake} when there may be new ones, and an idle stream sends comments.
 */
abstract class EventSource {
    private final Sse sse;
    private volatile CompletableFuture<Boolean> signal = new CompletableFuture<>();

    EventSource(Sse sse) {
        this.sse = sse;
    }

    /** The events since the last call; may be empty. Called by one worker thread at a time. */
    abstract List<OutboundSseEvent> read();

    /** Whether nothing will come any more. Asked after each {@link #read}. */
    abstract boolean isOver();

    /** Begins to call {@link #wake} on every change; closing the result ends that. */
    abstract AutoCloseable watch();

    /** Says that there may be new events. */
    final void wake() {
        signal.complete(true);
    }

    final Sse sse() {
        return sse;
    }

    final Multi<OutboundSseEvent> stream(Duration heartbeat) {
        AutoCloseable watching = watch();
        return Multi.createBy()
                .repeating()
                .uni(() -> next(heartbeat))
                .whilst(events -> !isOver())
                .onItem()
                .<OutboundSseEvent>disjoint()
                .onTermination()
                .invoke(() -> close(watching));
    }

    private Uni<List<OutboundSseEvent>> next(Duration heartbeat) {
        return readNow().onItem().transformToUni(events -> {
            if (!events.isEmpty() || isOver()) {
                return Uni.createFrom().item(events);
            }
            return Uni.createFrom()
                    .completionStage(signal.copy())
                    .ifNoItem()
                    .after(heartbeat)
                    .recoverWithItem(false)
                    .onItem()
                    .transformToUni(
                            changed -> changed ? readNow() : Uni.createFrom().item(List.of(heartbeat())));
        });
    }

    /** The signal is renewed before reading, so that a change during the reading is not missed. */
    private Uni<List<OutboundSseEvent>> readNow() {
        return Uni.createFrom()
                .item(() -> {
                    signal = new CompletableFuture<>();
                    return read();
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private OutboundSseEvent heartbeat() {
        return sse.newEventBuilder().comment("still here").build();
    }

    private static void close(AutoCloseable watching) {
        try {
            watching.close();
        } catch (Exception e) {
            throw new IllegalStateException("a subscription cannot be ended", e);
        }
    }
}
