package engram.api;

import engram.memory.ChangeEvent;
import engram.memory.space.Space;
import engram.service.access.AgentScope;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The change feed of a space from a sequence number on. */
final class ChangeEvents extends EventSource {
    private static final int AT_ONCE = 500;

    private final Space space;
    private final AgentScope readable;
    private final BooleanSupplier ended;
    private volatile long after;

    /**
     * @param after the sequence number before the first change
     * @param readable whose changes are told
     * @param ended whether the client may not be told any more
     */
    ChangeEvents(Space space, long after, AgentScope readable, BooleanSupplier ended, Sse sse) {
        super(sse);
        this.space = space;
        this.after = after;
        this.readable = readable;
        this.ended = ended;
    }

    @Override
    AutoCloseable watch() {
        return space.onChange(this::wake);
    }

    @Override
    List<OutboundSseEvent> read() {
        // On and on while there are only changes that this client is not told.
        while (!ended.getAsBoolean()) {
            List<ChangeEvent> changes = space.changes(after, AT_ONCE);
            if (changes.isEmpty()) {
                break;
            }
            after = changes.getLast().sequence();
            List<OutboundSseEvent> told = changes.stream()
                    .filter(change -> readable.includes(change.agent()))
                    .map(this::event)
                    .toList();
            if (!told.isEmpty()) {
                return told;
            }
        }
        return List.of();
    }

    @Override
    boolean isOver() {
        return ended.getAsBoolean() || space.isClosed();
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
