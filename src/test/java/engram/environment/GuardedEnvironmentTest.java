package engram.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import engram.environment.EnvironmentHealth.State;
import engram.environment.Fragile.Behaviour;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Environments that hang, crash and answer nonsense, behind a guard whose time passes only when it sleeps. */
class GuardedEnvironmentTest {
    private static final GuardSettings SETTINGS = new GuardSettings(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            3,
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            2);

    private final FakeTicks ticks = new FakeTicks();
    private final Fragile.Plan plan = new Fragile.Plan();

    @AfterEach
    void letGo() {
        plan.never.countDown();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GOOD")
    void aFaultyStepEndsTheEpisodeAndTheNextResetMakesAnotherEnvironment(Behaviour behaviour) throws Exception {
        try (GuardedEnvironment guarded = guarded()) {
            guarded.reset(1L);
            float[] before = guarded.step(Action.discrete(1)).observation();
            plan.onStep = behaviour;
            Step faulty = guarded.step(Action.discrete(1));
            assertThat(faulty.observation()).isEqualTo(before);
            assertThat(faulty.truncated()).isTrue();
            assertThat(faulty.terminated()).isFalse();
            assertThat(faulty.reward()).isZero();
            assertThat(faulty.info().faulty()).isTrue();
            assertThat((String) faulty.info().values().get(Info.FAULT)).startsWith("step ");
            assertThat(guarded.health().state()).isEqualTo(State.RESTARTING);
            assertThat(guarded.health().lastError()).startsWith("step ");
            assertThatThrownBy(() -> guarded.step(Action.discrete(1))).isInstanceOf(Conflict.class);

            plan.onStep = Behaviour.GOOD;
            guarded.reset((Long) null);
            assertThat(guarded.step(Action.discrete(1)).info().faulty()).isFalse();
            EnvironmentHealth health = guarded.health();
            assertThat(health.state()).isEqualTo(State.HEALTHY);
            assertThat(health.restarts()).isEqualTo(1);
            assertThat(health.steps()).isEqualTo(2);
            assertThat(health.resets()).isEqualTo(2);
            assertThat(health.timeouts()).isEqualTo(behaviour == Behaviour.HANG ? 1 : 0);
            assertThat(health.crashes())
                    .isEqualTo(behaviour == Behaviour.THROW || behaviour == Behaviour.RUN_OUT_OF_MEMORY ? 1 : 0);
            assertThat(health.timeouts() + health.crashes() + health.invalid()).isEqualTo(1);
            assertThat(health.stepTime()).isPositive();
            assertThat(plan.made).hasValue(2);
            assertThat(ticks.slept).hasSize(1);
            assertThat(ticks.slept.getFirst()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        }
        plan.never.countDown();
        waitFor(() -> plan.closed.get() == 2);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"GOOD", "HANG"})
    void whatStaysBrokenIsAwayAndTriedAgainLater(Behaviour behaviour) {
        if (behaviour == Behaviour.REWARD_NAN) {
            return; // a reset has no reward
        }
        try (GuardedEnvironment guarded = guarded()) {
            guarded.reset(1L);
            plan.onReset = behaviour;
            Unavailable away = catchThrowableOfType(Unavailable.class, () -> guarded.reset((Long) null));
            assertThat(away.retryAfter()).isEqualTo(SETTINGS.probeEvery());
            assertThat(guarded.health().state()).isEqualTo(State.AWAY);
            assertThat(guarded.health().restarts()).isEqualTo(3);
            assertThat(plan.made).hasValue(4);
            // One second, two, four, each with jitter.
            assertThat(ticks.slept).hasSize(3);
            assertThat(ticks.slept.get(2)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));

            ticks.pass(Duration.ofSeconds(10));
            away = catchThrowableOfType(Unavailable.class, () -> guarded.reset((Long) null));
            assertThat(away.retryAfter()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20));
            assertThatThrownBy(() -> guarded.step(Action.discrete(0))).isInstanceOf(Unavailable.class);
            assertThat(plan.made).as("nobody asked it").hasValue(4);

            // Long after the window has forgotten all faults.
            ticks.pass(Duration.ofSeconds(80));
            assertThatThrownBy(() -> guarded.reset((Long) null)).isInstanceOf(Unavailable.class);
            assertThat(plan.made).as("one try").hasValue(5);

            plan.onReset = Behaviour.GOOD;
            assertThatThrownBy(() -> guarded.reset((Long) null)).isInstanceOf(Unavailable.class);
            ticks.pass(Duration.ofSeconds(30));
            guarded.reset((Long) null);
            assertThat(guarded.health().state()).isEqualTo(State.HEALTHY);
            assertThat(guarded.step(Action.discrete(1)).info().faulty()).isFalse();
        }
    }

    @Test
    void hungThreadsAreBoundedAndFreedWhenTheyComeBack() throws Exception {
        try (GuardedEnvironment guarded = guarded()) {
            guarded.reset(1L);
            plan.onReset = Behaviour.HANG;
            assertThatThrownBy(() -> guarded.reset((Long) null)).isInstanceOf(Unavailable.class);
            assertThat(guarded.health().hung()).isEqualTo(2);
            assertThat(guarded.health().timeouts()).isEqualTo(2);
            ticks.pass(Duration.ofSeconds(30));
            assertThatThrownBy(() -> guarded.reset((Long) null)).isInstanceOf(Unavailable.class);
            assertThat(plan.made).as("no third thread").hasValue(2);

            plan.never.countDown();
            waitFor(() -> guarded.health().hung() == 0);
            ticks.pass(Duration.ofSeconds(30));
            plan.onReset = Behaviour.GOOD;
            guarded.reset((Long) null);
            assertThat(guarded.health().state()).isEqualTo(State.HEALTHY);
        }
    }

    @Test
    void faultsThatAreFarApartAreForgotten() {
        try (GuardedEnvironment guarded = guarded()) {
            for (int i = 0; i < 10; i++) {
                plan.onStep = Behaviour.GOOD;
                guarded.reset((Long) null);
                plan.onStep = Behaviour.THROW;
                assertThat(guarded.step(Action.discrete(0)).truncated()).isTrue();
                assertThat(guarded.health().state()).isEqualTo(State.RESTARTING);
                ticks.pass(Duration.ofSeconds(30));
            }
        }
    }

    @Test
    void oneThatCannotBeMadeIsRefusedAtOnceAndLaterRestarted() {
        plan.onStart = Behaviour.THROW;
        assertThatThrownBy(this::guarded).isInstanceOf(Unavailable.class).hasMessageContaining("start failed");
        plan.onStart = Behaviour.HANG;
        assertThatThrownBy(this::guarded).isInstanceOf(Unavailable.class).hasMessageContaining("start took longer");
        plan.onStart = Behaviour.GOOD;
        try (GuardedEnvironment guarded = guarded()) {
            guarded.reset(1L);
            plan.onStep = Behaviour.THROW;
            assertThat(guarded.step(Action.discrete(0)).truncated()).isTrue();
            plan.onStart = Behaviour.THROW;
            assertThatThrownBy(() -> guarded.reset(1L)).isInstanceOf(Unavailable.class);
            assertThat(guarded.health().lastError()).contains("start failed");
        }
    }

    @Test
    void anActionOutsideTheSpaceIsRefusedAndNothingHappens() {
        try (GuardedEnvironment guarded = guarded()) {
            guarded.reset(1L);
            assertThatThrownBy(() -> guarded.step(Action.discrete(2)))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageStartingWith("action: ");
            assertThatThrownBy(() -> guarded.reset(ResetOptions.at(1.0)))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageStartingWith("state: ");
            guarded.reset(1L);
            assertThat(guarded.step(Action.discrete(1)).finished()).isFalse();
            assertThat(guarded.health().state()).isEqualTo(State.HEALTHY);
            assertThat(guarded.health().crashes()).isZero();
        }
    }

    @Test
    void observationsOutsideTheSpaceAreAllowedAndCounted() {
        try (GuardedEnvironment guarded = guarded()) {
            guarded.reset(ResetOptions.at(100, 0, 0, 0));
            assertThat(guarded.health().outside()).isEqualTo(1);
            assertThat(guarded.health().invalid()).isZero();
        }
    }

    @Test
    void anEnvironmentThatTakesThePlaceOfAnotherIsSeededByTheGuard() {
        for (int run = 0; run < 2; run++) {
            try (GuardedEnvironment guarded = guarded()) {
                guarded.reset(1L);
                plan.onStep = Behaviour.THROW;
                assertThat(guarded.step(Action.discrete(0)).truncated()).isTrue();
                plan.onStep = Behaviour.GOOD;
                guarded.reset((Long) null);
            }
        }
        assertThat(plan.seeds).hasSize(4);
        assertThat(plan.seeds.get(1)).isEqualTo(plan.seeds.get(3)).isNotNegative();
    }

    @Test
    void anInterruptedCallerIsToldAndStaysInterrupted() {
        try (GuardedEnvironment guarded = guarded()) {
            guarded.reset(1L);
            plan.onStep = Behaviour.HANG;
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> guarded.step(Action.discrete(0))).isInstanceOf(Unavailable.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aClosedOneRefuses() {
        GuardedEnvironment guarded = guarded();
        guarded.close();
        guarded.close();
        assertThatThrownBy(() -> guarded.reset(1L)).isInstanceOf(Conflict.class);
    }

    private GuardedEnvironment guarded() {
        return new GuardedEnvironment(() -> new Fragile(plan), SETTINGS, new SplittableRandom(1), ticks);
    }

    private static void waitFor(Supplier<Boolean> condition) throws InterruptedException {
        for (int i = 0; i < 500 && !condition.get(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.get()).isTrue();
    }

    private static final class FakeTicks implements Ticks {
        private final List<Duration> slept = new ArrayList<>();
        private long now = Long.MAX_VALUE - 1_000_000;

        @Override
        public synchronized long nanoTime() {
            return now += 1_000;
        }

        @Override
        public synchronized void sleep(Duration duration) {
            slept.add(duration);
            now += duration.toNanos();
        }

        /** Clears the microseconds that asking for the time took. */
        synchronized void pass(Duration duration) {
            now += duration.toNanos();
        }
    }
}
