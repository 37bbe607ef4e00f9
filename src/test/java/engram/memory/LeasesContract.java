package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every kind of leases does. */
public abstract class LeasesContract {
    private String name = "";

    /** The leases under test, as another replica sees them each time this is called within one test. */
    protected abstract Leases openLeases() throws Exception;

    @BeforeEach
    void chooseAName() {
        name = "spaces/" + UUID.randomUUID() + "/work";
    }

    @Test
    void givesATurnToOneAtATime() throws Exception {
        Leases one = openLeases();
        Leases other = openLeases();
        Leases.Lease lease = one.acquire(name).orElseThrow();
        assertThat(lease.isHeld()).isTrue();
        assertThat(one.acquire(name))
                .as("for another thread of the same process")
                .isEmpty();
        assertThat(other.acquire(name)).as("for another process").isEmpty();
        lease.close();
        assertThat(lease.isHeld()).isFalse();
        try (Leases.Lease next = other.acquire(name).orElseThrow()) {
            assertThat(next.isHeld()).isTrue();
            assertThat(one.acquire(name)).isEmpty();
        }
    }

    @Test
    void doesNotTakeFromTheNextWhatWasGivenBack() throws Exception {
        Leases one = openLeases();
        Leases other = openLeases();
        Leases.Lease former = one.acquire(name).orElseThrow();
        former.close();
        try (Leases.Lease next = other.acquire(name).orElseThrow()) {
            former.close();
            assertThat(former.isHeld()).isFalse();
            assertThat(next.isHeld()).isTrue();
            assertThat(one.acquire(name)).isEmpty();
        }
    }

    @Test
    void keepsWorksApart() throws Exception {
        Leases leases = openLeases();
        try (Leases.Lease one = leases.acquire(name).orElseThrow()) {
            try (Leases.Lease other = leases.acquire(name + "-2").orElseThrow()) {
                assertThat(other.isHeld()).isTrue();
            }
            assertThat(one.isHeld()).isTrue();
        }
    }

    @Test
    void letsNoTwoOfManyWorkAtOnce() throws Exception {
        int workers = 8;
        AtomicInteger working = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger turns = new AtomicInteger();
        List<Leases> replicas = List.of(openLeases(), openLeases());
        try (ExecutorService executor = Executors.newFixedThreadPool(workers)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                Leases leases = replicas.get(i % replicas.size());
                futures.add(executor.submit(() -> {
                    for (int round = 0; round < 50; round++) {
                        Optional<Leases.Lease> lease = leases.acquire(name);
                        if (lease.isPresent()) {
                            most.accumulateAndGet(working.incrementAndGet(), Math::max);
                            turns.incrementAndGet();
                            Thread.onSpinWait();
                            working.decrementAndGet();
                            lease.get().close();
                        }
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertThat(turns.get()).isPositive();
        assertThat(most.get()).isEqualTo(1);
        assertThat(replicas.getFirst().acquire(name)).isPresent();
    }
}
