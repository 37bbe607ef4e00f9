package engram.memory.consolidation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.Tier;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a consolidation did, or in a dry run would do.
 *
 * @param dryRun whether nothing was written
 * @param before memories by tier when it began; every tier is there
 * @param after memories by tier by what it did; what agents wrote meanwhile does not count
 * @param total what was done over all agents
 * @param agents what was done for each agent that something was done for, in the order of names; at most
 *     {@value #MOST_AGENTS}
 * @param examples a few ids of each thing that was done
 * @param mergingPostponed whether merging was left to a later consolidation because the space is being re-embedded
 */
public record ConsolidationReport(
        boolean dryRun,
        Map<Tier, Long> before,
        Map<Tier, Long> after,
        Counts total,
        List<Agent> agents,
        Examples examples,
        boolean mergingPostponed) {
    /** How many agents are reported one by one. */
    public static final int MOST_AGENTS = 1_000;

    public ConsolidationReport {
        before = Collections.unmodifiableMap(new EnumMap<>(before));
        after = Collections.unmodifiableMap(new EnumMap<>(after));
        agents = List.copyOf(agents);
    }

    /**
     * How often each thing was done.
     *
     * @param demotedToIm memories that moved from STM to IM
     * @param demotedToLtm memories that moved from IM to LTM
     * @param groups groups of near-duplicates that became one memory each
     * @param merged memories in these groups
     * @param forgotten memories that were forgotten
     * @param finished originals that an interrupted consolidation had merged but not yet removed
     * @param skipped memories that should have moved but were changed meanwhile or have no vector
     */
    public record Counts(
            long demotedToIm,
            long demotedToLtm,
            long groups,
            long merged,
            long forgotten,
            long finished,
            long skipped) {
        /** Whether nothing was done. */
        public boolean isNothing() {
            return demotedToIm + demotedToLtm + merged + forgotten + finished == 0;
        }

        private ObjectNode toJson() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("demotedToIm", demotedToIm)
                    .put("demotedToLtm", demotedToLtm)
                    .put("groups", groups)
                    .put("merged", merged)
                    .put("forgotten", forgotten)
                    .put("finished", finished)
                    .put("skipped", skipped);
        }
    }

    /** What was done for one agent. */
    public record Agent(String agent, Counts counts) {}

    /**
     * A few ids of each thing.
     *
     * @param demotedToIm ids of memories that moved to IM
     * @param demotedToLtm ids of memories that moved to LTM
     * @param merged merged memories with a few of the ids they come from
     * @param forgotten ids of forgotten memories
     */
    public record Examples(
            List<String> demotedToIm, List<String> demotedToLtm, List<Merged> merged, List<String> forgotten) {
        public Examples {
            demotedToIm = List.copyOf(demotedToIm);
            demotedToLtm = List.copyOf(demotedToLtm);
            merged = List.copyOf(merged);
            forgotten = List.copyOf(forgotten);
        }
    }

    /**
     * A merged memory.
     *
     * @param id its id
     * @param from a few of the memories it replaces, the one whose payload it keeps first
     */
    public record Merged(String id, List<String> from) {
        public Merged {
            from = List.copyOf(from);
        }
    }

    /** The report as the API gives it. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("dryRun", dryRun);
        json.set("before", tiers(before));
        json.set("after", tiers(after));
        json.set("total", total.toJson());
        ArrayNode list = json.putArray("agents");
        for (Agent agent : agents) {
            ObjectNode item = list.addObject().put("agent", agent.agent());
            item.setAll(agent.counts().toJson());
        }
        ObjectNode some = json.putObject("examples");
        examples.demotedToIm().forEach(some.putArray("demotedToIm")::add);
        examples.demotedToLtm().forEach(some.putArray("demotedToLtm")::add);
        ArrayNode merged = some.putArray("merged");
        for (Merged example : examples.merged()) {
            ObjectNode item = merged.addObject().put("id", example.id());
            example.from().forEach(item.putArray("from")::add);
        }
        examples.forgotten().forEach(some.putArray("forgotten")::add);
        json.put("mergingPostponed", mergingPostponed);
        return json;
    }

    private static ObjectNode tiers(Map<Tier, Long> counts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        counts.forEach((tier, count) -> json.put(tier.name(), count));
        return json;
    }
}
