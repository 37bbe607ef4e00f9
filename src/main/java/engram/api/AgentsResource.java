package engram.api;

import engram.error.InvalidInput;
import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.service.ServiceSettings;
import engram.service.access.AgentScope;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Whose memories a space holds, and what the states of one agent were over time. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Agents", description = "Whose memories a space holds, and the states of one agent over time")
class AgentsResource {
    private final Spaces spaces;
    private final RequestAccess access;
    private final ServiceSettings.Limits limits;

    AgentsResource(Spaces spaces, RequestAccess access, ServiceSettings settings) {
        this.access = access;
        this.spaces = spaces;
        this.limits = settings.limits();
    }

    @GET
    @Path("spaces/{space}/agents")
    @Operation(operationId = "listAgents", summary = "The agents that have memories, by name")
    public AgentList agents(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(description = Parameters.LIMIT, schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = Parameters.CURSOR) @QueryParam("cursor") @Nullable String cursor) {
        Space space = spaces.open(name);
        int most = QueryParameters.integer(
                "limit", limit, Math.min(Parameters.DEFAULT_LIMIT, limits.pageSize()), 1, limits.pageSize());
        String query = "agents " + name;
        String after = Cursors.name(cursor, query);
        TreeMap<String, Map<String, Long>> agents = new TreeMap<>();
        AgentScope readable = access.reading(name);
        space.statistics().counts().stream()
                .filter(count -> readable.includes(count.agent()))
                .forEach(count -> agents.computeIfAbsent(count.agent(), agent -> StatisticsView.none())
                        .merge(count.tier().name(), count.memories(), Long::sum));
        List<AgentList.Item> items = (after == null ? agents : agents.tailMap(after, false))
                .entrySet().stream()
                        .limit(most + 1L)
                        .map(entry -> AgentList.Item.of(entry.getKey(), entry.getValue()))
                        .toList();
        boolean more = items.size() > most;
        return new AgentList(
                more ? items.subList(0, most) : items,
                more ? Cursors.ofName(items.get(most - 1).agent(), query) : null);
    }

    @GET
    @Path("spaces/{space}/agents/{agent}/snapshots")
    @Operation(
            operationId = "getSnapshots",
            summary = "The state of an agent at several steps",
            description = "The newest state of each step; steps without one are left out.")
    public SnapshotList snapshots(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(description = Parameters.AGENT) @PathParam("agent") String agent,
            @Parameter(description = "The steps, parted by commas", required = true, example = "1,2,9")
                    @QueryParam("steps")
                    @Nullable
                    String steps) {
        Space space = spaces.open(name);
        List<Long> wanted = steps(steps);
        if (!access.reading(name).includes(agent)) {
            return new SnapshotList(List.of());
        }
        return new SnapshotList(space.snapshots(agent, wanted).stream()
                .map(SnapshotList.Item::of)
                .toList());
    }

    @GET
    @Path("spaces/{space}/agents/{agent}/history")
    @Operation(
            operationId = "getAttributeHistory",
            summary = "How an attribute of an agent's state changed",
            description = "Oldest first. States that were rebuilt from a vector take part with what is rebuilt.")
    public HistoryList history(
            @Parameter(description = Parameters.SPACE) @PathParam("space") String name,
            @Parameter(description = Parameters.AGENT) @PathParam("agent") String agent,
            @Parameter(
                            description = "The attribute; a dot leads into an object, such as position.x",
                            required = true,
                            example = "health")
                    @QueryParam("attribute")
                    @Nullable
                    String attribute,
            @Parameter(description = "The first step, inclusive", schema = @Schema(type = SchemaType.INTEGER))
                    @QueryParam("fromStep")
                    @Nullable
                    String fromStep,
            @Parameter(description = "The last step, inclusive", schema = @Schema(type = SchemaType.INTEGER))
                    @QueryParam("toStep")
                    @Nullable
                    String toStep,
            @Parameter(
                            description = "How many changes at most: engram.limits.page-size where it is absent",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @QueryParam("limit")
                    @Nullable
                    String limit) {
        Space space = spaces.open(name);
        if (attribute == null || attribute.isBlank()) {
            throw new InvalidInput("attribute", "names the attribute and must be there");
        }
        int most = QueryParameters.integer("limit", limit, limits.pageSize(), 1, limits.pageSize());
        OptionalLong first = step("fromStep", fromStep);
        OptionalLong last = step("toStep", toStep);
        if (!access.reading(name).includes(agent)) {
            return new HistoryList(List.of());
        }
        return new HistoryList(space.attributeChanges(agent, attribute, first, last, most).stream()
                .map(HistoryList.Item::of)
                .toList());
    }

    private List<Long> steps(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new InvalidInput("steps", "lists the steps, such as 1,2,9, and must be there");
        }
        List<Long> steps = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Long step = QueryParameters.longOrNull("steps", part.strip(), 0);
            if (step != null) {
                steps.add(step);
            }
        }
        if (steps.size() > limits.pageSize()) {
            throw new InvalidInput(
                    "steps", "are at most " + limits.pageSize() + " (engram.limits.page-size), not " + steps.size());
        }
        return steps;
    }

    private static OptionalLong step(String name, @Nullable String value) {
        Long step = QueryParameters.longOrNull(name, value, 0);
        return step == null ? OptionalLong.empty() : OptionalLong.of(step);
    }
}
