package engram.training;

import engram.agent.Agents;
import engram.agent.Policy;
import engram.agent.StatePart;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a policy out of what a learner wrote, without a learner. */
final class PolicyPart implements StatePart {
    private final AgentDefinition definition;
    private @Nullable Policy policy;

    PolicyPart(AgentDefinition definition) {
        this.definition = definition;
    }

    /** The policy that was read; null if none was. */
    @Nullable
    Policy policy() {
        return policy;
    }

    @Override
    public String name() {
        return "learner";
    }

    @Override
    public void write(DataOutput out) {
        throw new UnsupportedOperationException("a policy is only read");
    }

    @Override
    public void read(DataInput in) throws IOException {
        policy = Agents.policy(definition.observations().width(), definition.actions(), definition.settings(), in);
    }
}
