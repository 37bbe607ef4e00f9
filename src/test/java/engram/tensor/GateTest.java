package engram.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GateTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void letsNobodyInOnceItIsClosed() {
        Gate gate = new Gate();
        gate.enter();
        gate.leave();
        assertThat(gate.close(Duration.ZERO)).isTrue();
        assertThatThrownBy(gate::enter).isInstanceOf(Unavailable.class);
        assertThat(gate.close(Duration.ZERO))
                .as("whoever was refused is not inside")
                .isTrue();
    }

    @Test
    void waitsNoLongerThanItIsTold() {
        Gate gate = new Gate();
        gate.enter();
        assertThat(gate.close(Duration.ofMillis(20))).isFalse();
        gate.leave();
        assertThat(gate.close(Duration.ZERO)).isTrue();
    }

    @Test
    void nobodyIsInsideOnceItHasClosed() throws Exception {
        for (int round = 0; round < 200; round++) {
            Gate gate = new Gate();
            AtomicInteger inside = new AtomicInteger();
            CountDownLatch begun = new CountDownLatch(4);
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<? extends Future<?>> workers = IntStream.range(0, 4)
                        .mapToObj(i -> threads.submit(() -> work(gate, inside, begun)))
                        .toList();
                begun.await();
                assertThat(gate.close(LONG)).isTrue();
                assertThat(inside).hasValue(0);
                for (Future<?> worker : workers) {
                    worker.get();
                }
            }
        }
    }

    private static void work(Gate gate, AtomicInteger inside, CountDownLatch begun) {
        begun.countDown();
        try {
            while (true) {
                gate.enter();
                inside.incrementAndGet();
                Thread.onSpinWait();
                inside.decrementAndGet();
                gate.leave();
            }
        } catch (Unavailable e) {
            // The gate was closed.
        }
    }

    @Test
    void anEngineEndsAfterTheStepThatIsUnderWay() throws Exception {
        TensorEngine engine = Engines.cpu();
        CountDownLatch inStep = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> training = threads.submit(() -> {
                try (Scope scope = engine.scope()) {
                    try (Scope step = scope.open()) {
                        inStep.countDown();
                        goOn.await();
                        try (Scope inner = step.open()) {
                            assertThat(inner.scalar(2).item()).isEqualTo(2);
                        }
                        ended.set(true);
                    }
                    assertThatThrownBy(scope::open).isInstanceOf(Unavailable.class);
                }
                return null;
            });
            inStep.await();
            assertThat(engine.close(Duration.ZERO)).as("a step is under way").isFalse();
            Future<Boolean> closed = threads.submit(() -> engine.close(LONG) && ended.get());
            goOn.countDown();
            assertThat(closed.get()).as("it waited for the step").isTrue();
            training.get();
        }
        assertThatThrownBy(engine::scope).isInstanceOf(Unavailable.class).hasMessageContaining("about to end");
    }

    @Test
    void anIdleEngineEndsAtOnce() {
        TensorEngine unused = Engines.cpu();
        assertThat(unused.close(Duration.ZERO)).isTrue();
        assertThat(unused.isLoaded()).isFalse();
        TensorEngine idle = Engines.cpu();
        try (Scope kept = idle.scope()) {
            assertThat(kept.scalar(1).item()).isEqualTo(1);
            assertThat(idle.close(Duration.ZERO))
                    .as("a scope that lives long computes nothing")
                    .isTrue();
        }
    }
}
