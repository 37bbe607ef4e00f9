package engram.service.environments;

import engram.environment.RemoteEnvironment;

/** One connection of a client that offers an environment: one instance of it. Thread-safe. */
public final class OfferedConnection {
    private final RemoteEnvironment environment;
    private volatile boolean inUse;
    private volatile boolean gone;

    OfferedConnection(RemoteEnvironment environment) {
        this.environment = environment;
    }

    RemoteEnvironment environment() {
        return environment;
    }

    /** Whether a training or an evaluation uses it. */
    public boolean isInUse() {
        return inUse;
    }

    void use() {
        inUse = true;
    }

    /** Whether it has ended. */
    boolean isGone() {
        return gone;
    }

    void end() {
        gone = true;
    }
}
