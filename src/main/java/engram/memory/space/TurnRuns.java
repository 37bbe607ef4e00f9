package engram.memory.space;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Conflict;
import engram.error.NotFound;
import engram.memory.Leases;
import engram.run.Progress;
import engram.run.Run;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Runs that change the encoders of a space, which one replica does at a time. Thread-safe. */
final class TurnRuns {
    /** The work that one replica at a time does. */
    static final String TURN = "encoders";

    private static final System.Logger LOG = System.getLogger(TurnRuns.class.getName());

    private final String space;
    private final SpaceServices services;

    TurnRuns(String space, SpaceServices services) {
        this.space = space;
        this.services = services;
    }

    /** The turn; empty if somebody else has it. */
    Optional<Leases.Lease> tryTurn() {
        return services.turn(space, TURN);
    }

    /**
     * The turn.
     *
     * @throws Conflict if somebody else has it
     */
    Leases.Lease turn() {
        return tryTurn().orElseThrow(() -> new Conflict("", "an encoder of this space is being trained or activated"));
    }

    /** Submits work that takes its turn with it and gives it back at its end, however it ends. */
    Run submit(String kind, Leases.Lease turn, Job job) {
        Run run;
        try {
            run = services.runs().submit(kind, space, progress -> {
                try (turn) {
                    TurnProgress mine = new TurnProgress(progress, turn);
                    mine.checkCancelled();
                    return job.execute(mine);
                }
            });
        } catch (RuntimeException e) {
            turn.close();
            throw e;
        }
        closeWhenOver(run, turn);
        return run;
    }

    /** A run that is cancelled while it waits never executes. */
    private void closeWhenOver(Run run, Leases.Lease turn) {
        try {
            services.runs().subscribe(run.id(), now -> {
                if (now.status().isFinal()) {
                    turn.close();
                }
            });
        } catch (NotFound e) {
            LOG.log(Level.DEBUG, "a run is over and forgotten", e);
            turn.close();
        }
    }

    /** What a run does when it is the turn of this replica. */
    @FunctionalInterface
    interface Job {
        ObjectNode execute(Progress progress);
    }
}
