package engram.api;

import engram.environment.EnvironmentSpec;
import engram.environment.Environments;
import engram.service.ServiceSettings;
import engram.service.environments.OfferedEnvironments;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Which environments there are. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Environments", description = "What agents act in")
class EnvironmentsResource {
    private static final String LIST = "environments";

    private final OfferedEnvironments environments;
    private final ServiceSettings.Limits limits;

    EnvironmentsResource(OfferedEnvironments environments, ServiceSettings settings) {
        this.environments = environments;
        this.limits = settings.limits();
    }

    @GET
    @Path("environments")
    @Operation(
            operationId = "listEnvironments",
            summary = "The built-in environments and those that clients offer, by name")
    public EnvironmentView.Page list(
            @Parameter(description = Parameters.LIMIT, schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = Parameters.CURSOR) @QueryParam("cursor") @Nullable String cursor) {
        int most = QueryParameters.integer(
                "limit", limit, Math.min(Parameters.DEFAULT_LIMIT, limits.pageSize()), 1, limits.pageSize());
        String after = Cursors.name(cursor, LIST);
        TreeSet<String> names = new TreeSet<>(environments.offered());
        Environments.specs().stream().map(EnvironmentSpec::name).forEach(names::add);
        List<EnvironmentView> page = names.stream()
                .filter(name -> after == null || name.compareTo(after) > 0)
                .limit(most + 1L)
                .map(this::get)
                .toList();
        boolean more = page.size() > most;
        return new EnvironmentView.Page(
                page.stream().limit(most).toList(),
                more ? Cursors.ofName(page.get(most - 1).name(), LIST) : null);
    }

    @GET
    @Path("environments/{name}")
    @Operation(operationId = "getEnvironment", summary = "An environment")
    public EnvironmentView get(@Parameter(description = "The name of the environment") @PathParam("name") String name) {
        return EnvironmentView.of(environments.spec(name), environments.health(name));
    }
}
