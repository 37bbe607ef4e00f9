package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import engram.memory.Kind;
import engram.memory.space.NewMemory;
import engram.replay.ExperienceJson;
import engram.replay.SharedPriority;
import engram.replay.Transition;
import engram.service.ServiceSettings;
import java.util.List;

/** Makes a memory of a transition in JSON, in the layout that replay reads. */
final class ExperienceReader {
    private static final List<String> OF_THE_MEMORY =
            List.of("id", "agent", "step", "time", "tags", "pinned", "reward");
    private static final List<String> OF_THE_TRANSITION = List.of(
            "observation", "action", "reward", "nextObservation", "terminated", "truncated", "steps", "nextActionMask");

    private ExperienceReader() {}

    /**
     * The memory of a transition.
     *
     * @throws InvalidInput naming the offending fields
     */
    static NewMemory read(JsonNode json, ServiceSettings.Limits limits) {
        if (!(json instanceof ObjectNode sent)) {
            throw new InvalidInput("", "an experience is an object");
        }
        Findings findings = new Findings();
        sent.fieldNames().forEachRemaining(name -> {
            if (!ExperienceRequest.MEMBERS.contains(name)) {
                findings.add(name, "is unknown" + Suggestion.forName(name, ExperienceRequest.MEMBERS));
            }
        });
        findings.throwIfAny();
        ObjectNode experience = JsonNodeFactory.instance.objectNode();
        copy(sent, OF_THE_TRANSITION, experience);
        for (String end : List.of("terminated", "truncated")) {
            if (!experience.has(end)) {
                experience.put(end, false);
            }
        }
        Transition transition = ExperienceJson.read(experience);
        if (transition.nextObservation().length != transition.observation().length) {
            throw new InvalidInput(
                    "nextObservation",
                    "must have as many numbers as observation, " + transition.observation().length + ", not "
                            + transition.nextObservation().length);
        }
        ObjectNode memory = JsonNodeFactory.instance.objectNode();
        memory.put("kind", Kind.EXPERIENCE.jsonName());
        copy(sent, OF_THE_MEMORY, memory);
        memory.set(ExperienceJson.MEMBER, experience);
        if (sent.hasNonNull("priority")) {
            memory.put("importance", SharedPriority.toImportance(priority(sent.get("priority"))));
        }
        return MemoryReader.read(memory, limits);
    }

    /** A priority, checked. */
    private static double priority(JsonNode node) {
        double priority = node.isNumber() ? node.doubleValue() : Double.NaN;
        if (!(priority >= 0 && priority <= Float.MAX_VALUE)) {
            throw new InvalidInput("priority", "must be a finite number of at least 0");
        }
        return priority;
    }

    private static void copy(ObjectNode from, List<String> members, ObjectNode to) {
        for (String member : members) {
            if (from.hasNonNull(member)) {
                to.set(member, from.get(member));
            }
        }
    }
}
