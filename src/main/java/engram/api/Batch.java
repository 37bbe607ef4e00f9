package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.api.problem.Problems;
import engram.error.EngramException;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.error.NotAllowed;
import engram.memory.IdempotencyKey;
import engram.memory.space.MemoryWrites;
import engram.memory.space.NewMemory;
import engram.memory.space.Remembered;
import engram.service.ServiceSettings;
import engram.service.access.AgentScope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A batch of memories of which each succeeds or fails for itself. Used by one thread for one request. */
final class Batch {
    private static final String STATE = "state";

    private final List<NewMemory> readable = new ArrayList<>();
    private final List<Integer> indexes = new ArrayList<>();
    private final List<BatchAnswer.Failed> failed = new ArrayList<>();

    private final String member;

    /** @param writing whose memories may be stored */
    Batch(List<JsonNode> memories, AgentScope writing, ServiceSettings.Limits limits) {
        this("memories", memories, json -> MemoryReader.read(json, limits), writing);
    }

    /**
     * @param member the member of the request that holds the memories
     * @param reader makes a memory of each
     */
    Batch(String member, List<JsonNode> memories, Function<JsonNode, NewMemory> reader, AgentScope writing) {
        this.member = member;
        for (int i = 0; i < memories.size(); i++) {
            try {
                NewMemory memory = reader.apply(memories.get(i));
                writing.require(memory.agent());
                readable.add(memory);
                indexes.add(i);
            } catch (InvalidInput e) {
                fail(i, e.under(member + "[" + i + "]"));
            } catch (NotAllowed e) {
                fail(i, e.under(member + "[" + i + "]"));
            }
        }
    }

    BatchAnswer store(String space, MemoryWrites writes, Optional<IdempotencyKey> key) {
        List<BatchAnswer.Created> created = new ArrayList<>(readable.size());
        List<BatchAnswer.Spooled> spooled = new ArrayList<>();
        if (!readable.isEmpty()) {
            List<Remembered.Outcome> outcomes =
                    writes.remember(space, readable, key).outcomes();
            for (int i = 0; i < outcomes.size(); i++) {
                int index = indexes.get(i);
                switch (outcomes.get(i)) {
                    case Remembered.Stored stored ->
                        created.add(new BatchAnswer.Created(index, stored.id(), RemarkView.of(stored.remarks())));
                    case Remembered.Deferred deferred ->
                        spooled.add(new BatchAnswer.Spooled(index, deferred.id(), RemarkView.of(deferred.remarks())));
                    case Remembered.Duplicate duplicate -> fail(index, MemoriesResource.duplicate(duplicate));
                    case Remembered.Rejected rejected -> fail(index, inRequest(rejected.problem(), index));
                }
            }
        }
        failed.sort(Comparator.comparingInt(BatchAnswer.Failed::index));
        return new BatchAnswer(created, failed, spooled);
    }

    /** The same problem where the state was sent under another name. */
    static InvalidInput renamed(InvalidInput problem, String name) {
        return new InvalidInput(problem.errors().stream()
                .map(error -> error.field().startsWith(STATE)
                        ? new FieldError(name + error.field().substring(STATE.length()), error.message())
                        : error)
                .toList());
    }

    private InvalidInput inRequest(InvalidInput problem, int index) {
        InvalidInput named = member.equals("experiences") ? renamed(problem, "observation") : problem;
        return named.under(member + "[" + index + "]");
    }

    private void fail(int index, EngramException problem) {
        failed.add(new BatchAnswer.Failed(index, Problems.of(problem, null)));
    }
}
