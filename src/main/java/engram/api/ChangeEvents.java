package engram.api;

import engram.memory.ChangeEvent;
import engram.memory.space.Space;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;

/** The change feed of a space from a sequence number on. */
final class ChangeEvents extends EventSource {
    private static final int AT_ONCE = 500;

    private final Space space;
    private volatile long after;

    ChangeEvents(Space space, long after, Sse sse) {
        super(sse);
        this.space = space;
        this.after = after;
    }

    @Override
    AutoCloseable watch() {
        return space.onChange(this::wake);
    }

    @Override
    List<OutboundSseEvent> read() {
        List<ChangeEvent> changes = space.changes(after, AT_ONCE);
        if (!changes.isEmpty()) {
            after = changes.getLast().sequence();
        }
        return changes.stream().map(this::event).toList();
    }

    @Override
    boolean isOver() {
        return false;
    }

    private OutboundSseEvent event(ChangeEvent change) {
        return sse().newEventBuilder()
                .id(Long.toString(change.sequence()))
                .name(change.type().jsonName())
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(ChangeView.class, ChangeView.of(change))
                .build();
    }
}
