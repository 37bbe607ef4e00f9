package engram.memory.transfer;

import engram.error.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Lets the memories of some agents into a space and refuses those of others. */
public final class AgentsImport implements MemoryImport.Target {
    private static final MemoryImport.Outcome REFUSED =
            new MemoryImport.Outcome.Refused(new FieldError("agent", "memories of this agent may not be written"));

    private final MemoryImport.Target target;
    private final Predicate<String> agents;

    /**
     * @param target where the memories go that are let in
     * @param agents whose memories those are
     */
    public AgentsImport(MemoryImport.Target target, Predicate<String> agents) {
        this.target = target;
        this.agents = agents;
    }

    @Override
    public List<MemoryImport.Outcome> store(Header header, List<TransferredMemory> batch) {
        List<TransferredMemory> own = batch.stream()
                .filter(memory -> agents.test(memory.memory().agent()))
                .toList();
        List<MemoryImport.Outcome> stored = own.isEmpty() ? List.of() : target.store(header, own);
        List<MemoryImport.Outcome> outcomes = new ArrayList<>(batch.size());
        int next = 0;
        for (TransferredMemory memory : batch) {
            outcomes.add(agents.test(memory.memory().agent()) ? stored.get(next++) : REFUSED);
        }
        return outcomes;
    }
}
