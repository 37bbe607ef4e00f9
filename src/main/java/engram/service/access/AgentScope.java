package engram.service.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import engram.error.NotAllowed;
import engram.memory.Filter;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whose memories somebody may deal with.
 *
 * @param everyone whether those of every agent; then {@code agents} is empty
 * @param agents otherwise of these
 */
public record AgentScope(boolean everyone, SortedSet<String> agents) {
    /** The memories of every agent. */
    public static final AgentScope EVERYONE = new AgentScope(true, Collections.emptySortedSet());

    /** No memories at all. */
    public static final AgentScope NOBODY = new AgentScope(false, Collections.emptySortedSet());

    public AgentScope {
        agents = Collections.unmodifiableSortedSet(new TreeSet<>(agents));
    }

    /** The memories of these agents; of every agent where none is named. */
    static AgentScope of(Set<String> agents) {
        return agents.isEmpty() ? EVERYONE : new AgentScope(false, new TreeSet<>(agents));
    }

    /** Whether an agent's memories are among them. */
    public boolean includes(String agent) {
        return everyone || agents.contains(agent);
    }

    /** Whether everything in another scope is in this one, too. */
    boolean covers(AgentScope other) {
        return everyone || (!other.everyone && agents.containsAll(other.agents));
    }

    AgentScope union(AgentScope other) {
        if (everyone || other.everyone) {
            return EVERYONE;
        }
        SortedSet<String> both = new TreeSet<>(agents);
        both.addAll(other.agents);
        return new AgentScope(false, both);
    }

    /** The memories that satisfy a filter and are in this scope. */
    public Filter narrow(Filter filter) {
        if (everyone) {
            return filter;
        }
        List<JsonNode> names = agents.stream().<JsonNode>map(TextNode::valueOf).toList();
        Filter own = new Filter.In(new Filter.Field.Agent(), names);
        return filter.equals(Filter.ALL) ? own : new Filter.And(List.of(filter, own));
    }

    /**
     * Refuses an agent that is not in this scope.
     *
     * @throws NotAllowed naming the field {@code agent}
     */
    public void require(String agent) {
        if (!includes(agent)) {
            throw refusal();
        }
    }

    /** The refusal of an agent that is not in this scope. */
    public static NotAllowed refusal() {
        return new NotAllowed("agent", "this key may not write memories of this agent");
    }
}
