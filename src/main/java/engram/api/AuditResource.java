package engram.api;

import engram.error.InvalidInput;
import engram.service.ServiceSettings;
import engram.service.access.AuditLog;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.OptionalLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What administrators did. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
class AuditResource {
    private static final String LIST = "audit";

    private final AuditLog audit;
    private final ServiceSettings.Limits limits;

    AuditResource(AuditLog audit, ServiceSettings settings) {
        this.audit = audit;
        this.limits = settings.limits();
    }

    @GET
    @Path("admin/audit")
    @Operation(operationId = "listAudit", summary = "What administrators did through this replica, newest first")
    public AuditList list(
            @Parameter(description = Parameters.LIMIT, schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = Parameters.CURSOR) @QueryParam("cursor") @Nullable String cursor) {
        int most = QueryParameters.integer(
                "limit", limit, Math.min(Parameters.DEFAULT_LIMIT, limits.pageSize()), 1, limits.pageSize());
        AuditLog.Page page = audit.page(before(Cursors.name(cursor, LIST)), most);
        return new AuditList(
                page.entries().stream().map(AuditView::of).toList(),
                page.next().isPresent()
                        ? Cursors.ofName(Long.toString(page.next().getAsLong()), LIST)
                        : null);
    }

    private static OptionalLong before(@Nullable String place) {
        try {
            return place == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, Long.parseLong(place)));
        } catch (NumberFormatException e) {
            throw new InvalidInput("cursor", "is not a cursor of this service; leave it out to begin anew");
        }
    }

    /** A page of what administrators did. */
    @Schema(name = "AuditList", description = "A page of what administrators did")
    record AuditList(
            @Schema(required = true, description = "What was done, newest first")
            List<AuditView> items,

            @Schema(
                    required = true,
                    nullable = true,
                    description = "The cursor of the next page; null after the last one")
            @Nullable
            String nextCursor) {}

    /** Something that an administrator did. */
    @Schema(name = "AuditEntry", description = "Something that was done, or tried")
    record AuditView(
            @Schema(required = true, format = "date-time", description = "When it was over")
            String time,

            @Schema(required = true, nullable = true, description = "The id of the key; null if none was needed")
            @Nullable
            String key,

            @Schema(required = true, description = "The name of the key, anonymous, or command")
            String name,

            @Schema(required = true, description = "What it was", examples = "space.deleted")
            String action,

            @Schema(required = true, description = "What it was done to", examples = "spaces/arena")
            String target,

            @Schema(
                    required = true,
                    enumeration = {"done", "refused", "failed"},
                    description = "How it ended")
            String outcome) {
        static AuditView of(AuditLog.Entry entry) {
            return new AuditView(
                    entry.time().toString(),
                    entry.key().orElse(null),
                    entry.name(),
                    entry.action(),
                    entry.target(),
                    entry.outcome());
        }
    }
}
