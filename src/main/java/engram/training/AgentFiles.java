package engram.training;

import engram.agent.Agent;
import engram.agent.Experience;
import engram.agent.Policy;
import engram.error.Damaged;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is on disk of what an agent learned: checkpoints, and what it observed since the newest. One thread at a time. */
final class AgentFiles implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AgentFiles.class.getName());
    private static final int CHECKPOINTS = 5;

    private final AgentDefinition definition;
    private final Checkpoints checkpoints;
    private final ObservationJournal journal;
    private long saved;

    /**
     * @param definition of whose files these are
     * @param home where they are
     */
    AgentFiles(AgentDefinition definition, Path home) {
        this.definition = definition;
        this.checkpoints = new Checkpoints(home.resolve("checkpoints"), CHECKPOINTS);
        this.journal = new ObservationJournal(home.resolve("observed.journal"));
    }

    /** Where trainings write theirs; {@link #trained} is told of their end. */
    Checkpoints checkpoints() {
        return checkpoints;
    }

    /** After how many steps the agent is that these files give. */
    long steps() {
        return Math.max(newest(), journal.steps());
    }

    private long newest() {
        return checkpoints.list().stream().findFirst().orElse(0L);
    }

    /** The policy, if it can be read without making the agent: nothing was learned since a checkpoint. */
    Optional<Policy> policy() {
        long newest = newest();
        if (newest == 0 || journal.steps() > newest) {
            return Optional.empty();
        }
        PolicyPart part = new PolicyPart(definition);
        try {
            checkpoints.restore(List.of(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Policy read = part.policy();
        if (read == null) {
            throw new Damaged("the checkpoints of the agent '" + definition.id() + "' are gone");
        }
        return Optional.of(read);
    }

    /**
     * Makes an agent that has learned nothing what it was: reads the newest checkpoint that is whole, and lets it learn
     * again from what it observed after that.
     */
    void restore(Agent agent) {
        try {
            checkpoints.restore(agent.parts());
            saved = agent.steps();
            journal.replay(saved, (before, experiences) -> relive(agent, before, experiences));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void relive(Agent agent, long before, List<Experience> experiences) {
        if (before > agent.steps()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the agent {0} is at step {1} and goes on with what it observed after step {2}",
                    definition.id(),
                    agent.steps(),
                    before);
        }
        try {
            experiences.forEach(experience -> agent.observe(experience, _ -> {}));
        } catch (RuntimeException e) {
            // As when they came: who sent them was told, and what came next was learned from.
            LOG.log(System.Logger.Level.WARNING, "an agent cannot learn from something it observed", e);
        }
    }

    /**
     * Keeps what an agent is about to learn from; it is on disk when this returns.
     *
     * @throws engram.error.StorageFull if there is no room
     */
    void observed(Agent agent, List<Experience> experiences) {
        journal.append(agent.steps(), experiences);
    }

    /** Writes a checkpoint, if the agent has learned since the last one. */
    void save(Agent agent) throws IOException {
        if (agent.steps() != saved) {
            checkpoints.save(agent.steps(), agent.parts());
            saved = agent.steps();
            journal.clear();
        }
    }

    /** Tells that a training has ended, which wrote checkpoints itself, or tried to. */
    void trained() {
        saved = newest();
    }

    /** After how many steps the last checkpoint was written. */
    long saved() {
        return saved;
    }

    @Override
    public void close() {
        journal.close();
    }
}
