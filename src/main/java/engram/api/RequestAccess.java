package engram.api;

import engram.error.NotFound;
import engram.memory.Memory;
import engram.memory.space.Space;
import engram.service.access.AccessControl;
import engram.service.access.AgentScope;
import engram.service.access.Caller;
import engram.service.access.Right;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Who sends the request at hand, and whose memories that one may deal with. {@link AccessFilter} fills it in. */
@RequestScoped
class RequestAccess {
    private final AccessControl control;
    private Caller caller = Caller.UNKNOWN;
    private Optional<AccessTable.Rule> rule = Optional.empty();
    private Optional<String> target = Optional.empty();

    RequestAccess(AccessControl control) {
        this.control = control;
    }

    void begin(Caller who, AccessTable.Rule what) {
        this.caller = who;
        this.rule = Optional.of(what);
    }

    Caller caller() {
        return caller;
    }

    /** What is being asked for; empty before {@link AccessFilter} knows who asks. */
    Optional<AccessTable.Rule> rule() {
        return rule;
    }

    /** Names, for the audit log, what something was done to, where the path does not. */
    void target(String name) {
        target = Optional.of(name);
    }

    Optional<String> target() {
        return target;
    }

    AgentScope reading(String space) {
        return caller.scope(space, Right.READ);
    }

    AgentScope writing(String space) {
        return caller.scope(space, Right.WRITE);
    }

    /**
     * A memory that may be read.
     *
     * @throws NotFound if there is none of this id that may be read
     */
    Memory memory(Space space, String id) {
        Memory memory = space.get(id);
        if (!reading(space.name()).includes(memory.agent())) {
            throw new NotFound("memory", id);
        }
        return memory;
    }

    /**
     * Makes sure that a memory may be read.
     *
     * @throws NotFound if there is none of this id that may be read
     */
    void requireReadable(Space space, String id) {
        if (!reading(space.name()).everyone()) {
            memory(space, id);
        }
    }

    /**
     * Makes sure that a memory may be changed. One that may neither be read nor changed looks as if it were not there.
     *
     * @throws NotFound if there is none of this id that is known to the caller
     * @throws engram.error.NotAllowed if it may be read only
     */
    void requireWritable(Space space, String id) {
        AgentScope writing = writing(space.name());
        if (writing.everyone()) {
            return;
        }
        String agent = space.get(id).agent();
        if (!writing.includes(agent) && !reading(space.name()).includes(agent)) {
            throw new NotFound("memory", id);
        }
        writing.require(agent);
    }

    /** Tells whether something that began with this request and goes on may not go on any more. */
    BooleanSupplier ended(String space) {
        Caller begun = caller;
        AgentScope scope = reading(space);
        return () -> control.renewed(begun)
                .filter(now -> now.scope(space, Right.READ).equals(scope))
                .isEmpty();
    }
}
