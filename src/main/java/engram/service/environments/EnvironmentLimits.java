package engram.service.environments;

import engram.environment.GuardSettings;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Environments that clients use and offer. */
public interface EnvironmentLimits {
    /** How many instances clients may have over REST at the same time, a batch counting once. */
    @WithDefault("1000")
    int instances();

    /** After which time without a request an instance is closed. */
    @WithDefault("10m")
    Duration idle();

    /** How many WebSocket connections may use our environments at the same time. */
    @WithDefault("100")
    int sessions();

    /** How many instances one batch or one such connection may have. */
    @WithDefault("1024")
    int batch();

    /** How many names clients may offer environments under. */
    @WithDefault("100")
    int offers();

    /** How many connections one offer may have; each training needs two of them. */
    @WithDefault("64")
    int connections();

    /** How often an idle connection is asked whether it is still there; one that does not answer twice is closed. */
    @WithDefault("15s")
    Duration pingEvery();

    /** How long a training waits for an offered environment to come back before its run fails. */
    @WithDefault("5m")
    Duration patience();

    /** How long a step of an offered environment may take. */
    @WithDefault("10s")
    Duration stepTimeout();

    /** How long a reset of one may take. */
    @WithDefault("30s")
    Duration resetTimeout();

    /** How many restarts within {@code window} are tried at once before an offered environment counts as away. */
    @WithDefault("5")
    int restarts();

    /** How long a fault counts. */
    @WithDefault("60s")
    Duration window();

    /** How often one that is away is tried again. */
    @WithDefault("5s")
    Duration probeEvery();

    /** The guard around an offered environment. */
    default GuardSettings guard() {
        GuardSettings usual = GuardSettings.defaults();
        return new GuardSettings(
                stepTimeout(),
                resetTimeout(),
                resetTimeout(),
                usual.firstBackoff(),
                usual.longestBackoff(),
                restarts(),
                window(),
                probeEvery(),
                usual.hung());
    }
}
