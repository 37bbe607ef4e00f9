package engram.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One server-sent event, as the OpenAPI document describes what a stream consists of. */
@Schema(name = "StreamedEvent", description = "One of the server-sent events that the answer consists of")
record StreamedEvent(
        @Schema(description = "What to send as Last-Event-ID to go on after this event") @Nullable
        String id,

        @Schema(required = true, description = "The type of the event")
        String event,

        @Schema(required = true, description = "JSON in one line: a Run or a Change")
        String data) {}
