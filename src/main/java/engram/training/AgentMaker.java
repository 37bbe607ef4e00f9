package engram.training;

import engram.agent.Agent;
import engram.agent.Agents;
import engram.agent.MemoryBatches;
import engram.agent.NormalizerShelf;
import engram.encoder.NormalizerFiles;
import engram.tensor.TensorEngine;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the agents of a library have in common.
 *
 * @param engine where they learn
 * @param normalizers the state normalisers of environments
 * @param memories gives an agent its access to shared memory; null for an agent without
 */
record AgentMaker(
        TensorEngine engine,
        NormalizerFiles normalizers,
        InstantSource clock,
        Function<AgentDefinition, @Nullable MemoryBatches> memories) {
    /** An agent that has learned nothing yet. */
    Agent make(AgentDefinition definition) {
        return Agents.make(
                engine,
                definition.observations().width(),
                definition.actions(),
                definition.settings(),
                memories.apply(definition),
                definition
                        .environment()
                        .map(name -> new NormalizerShelf(normalizers, name, definition.observations(), clock))
                        .orElse(null),
                definition.seed());
    }
}
