package engram.memory.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Conflict;
import engram.error.NotFound;
import engram.error.Unavailable;
import engram.memory.ChangeEvent;
import engram.memory.IdempotencyKey;
import engram.memory.Tier;
import engram.run.Progress;
import engram.run.Run;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas with the same memory: what one does, the other knows. */
class ReplicasTest extends ReplicasFixture {
    private static final String CROWDED =
            "{\"tiers\":{\"stm\":{\"capacity\":10,\"timeToLive\":null},\"merge\":{\"enabled\":false}}}";

    private Replica a;
    private Replica b;

    @BeforeEach
    void begin() {
        a = replica("a");
        b = replica("b");
    }

    @Test
    void seeEachOthersSettings() {
        Space here = create(a, "world", "{}");
        Space there = b.spaces().open("world");
        assertThat(there.settings()).isEqualTo(here.settings());

        create(a, "world", "{\"tiers\":{\"stm\":{\"capacity\":7}},\"encoder\":{\"trainAfter\":5000}}");
        b.spaces().refresh();

        assertThat(b.spaces().open("world")).isSameAs(there);
        assertThat(there.settings().tiers().stm().capacity()).isEqualTo(7);
        assertThat(there.settings().encoder().trainAfter()).isEqualTo(5_000);
        assertThat(there.settingsRevision()).isEqualTo(2);
    }

    @Test
    void openASpaceAnewWhenItsSchemaHasChanged() {
        create(a, "world", "{}");
        Space before = b.spaces().open("world");
        create(a, "world", "{\"schema\":{\"observation\":{\"low\":[0,0],\"high\":[1,1]}}}");

        b.spaces().refresh();

        assertThat(before.isClosed()).isTrue();
        assertThat(b.spaces().open("world").settings().schema().observation()).isNotNull();
    }

    @Test
    void knowThatASpaceIsGone() {
        create(a, "world", "{}");
        remember(b.spaces().open("world"), 150, 1);
        train(b, "world");
        Space there = b.spaces().open("world");
        assertThat(b.encoder("world", 1)).exists();
        AtomicInteger woken = new AtomicInteger();
        there.onChange(woken::incrementAndGet);

        assertThat(a.spaces().delete("world")).isTrue();
        b.spaces().refresh();

        assertThat(documents.names("")).isEmpty();
        assertThat(there.isClosed()).isTrue();
        assertThat(woken.get())
                .as("whoever watches the space learns that it is over")
                .isPositive();
        assertThat(b.encoder("world", 1)).doesNotExist();
        assertThatThrownBy(() -> b.spaces().open("world")).isInstanceOf(NotFound.class);
        assertThat(b.spaces().exists("world")).isFalse();
    }

    @Test
    void doNotTakeASpaceForAFormerOneOfItsName() {
        create(a, "world", "{}");
        Space former = b.spaces().open("world");
        remember(former, 120, 1);
        train(b, "world");
        float[] before = vector(former);
        a.spaces().delete("world");
        Space anew = create(a, "world", "{}");
        remember(anew, 130, 2);
        assertThat(train(a, "world").status()).isEqualTo(Run.Status.SUCCEEDED);

        b.spaces().refresh();

        Space there = b.spaces().open("world");
        assertThat(there).isNotSameAs(former);
        assertThat(vector(there)).isEqualTo(vector(anew)).isNotEqualTo(before);
    }

    @Test
    void openWhatOthersCreateAndFollowByThemselves() {
        try (SpacesFollower follower = new SpacesFollower(b.spaces(), Duration.ofMillis(5), Clock.systemUTC())) {
            assertThat(follower).isNotNull();
            Space here = create(a, "world", "{}");
            await(() -> b.spaces().opened().size() == 1);
            Space there = b.spaces().open("world");
            AtomicInteger woken = new AtomicInteger();
            there.onChange(woken::incrementAndGet);
            remember(here, 1, 1);
            await(() -> woken.get() > 0);
            a.spaces().delete("world");
            await(() -> b.spaces().opened().isEmpty());
        }
    }

    @Test
    void feedEveryChangeOnceAndInOrderWhereverItWasWritten() {
        Space here = create(a, "world", "{}");
        Space there = b.spaces().open("world");
        AtomicInteger woken = new AtomicInteger();
        there.onChange(woken::incrementAndGet);
        List<ChangeEvent> fed = new ArrayList<>();
        List<String> written = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            written.addAll(remember(round % 2 == 0 ? here : there, 3, round));
            int before = woken.get();
            b.spaces().refresh();
            assertThat(woken.get()).as("round %d", round).isGreaterThan(before);
            fed.addAll(there.changes(fed.isEmpty() ? 0 : fed.getLast().sequence(), 100));
        }
        assertThat(fed).extracting(ChangeEvent::id).isEqualTo(written);
        assertThat(fed).extracting(ChangeEvent::sequence).isSorted().doesNotHaveDuplicates();
        // A client that comes back to the other replica goes on where it was.
        long last = fed.get(6).sequence();
        assertThat(here.changes(last, 100)).isEqualTo(fed.subList(7, fed.size()));
        int quiet = woken.get();
        b.spaces().refresh();
        assertThat(woken.get()).as("nothing has changed").isEqualTo(quiet);
    }

    @Test
    void keepAKeyForAllOfThem() {
        Space here = create(a, "world", "{}");
        Space there = b.spaces().open("world");
        Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("k", "f"));
        Remembered first = here.remember(states(2, 1), key);
        Remembered second = there.remember(states(2, 1), key);
        assertThat(second.replayed()).isTrue();
        assertThat(((Remembered.Stored) second.outcomes().getLast()).id())
                .isEqualTo(((Remembered.Stored) first.outcomes().getLast()).id());
        assertThat(there.statistics().total()).isEqualTo(2);
    }

    @Test
    void consolidateOneAtATimeAndTakeOverWhenOneDies() {
        Space here = create(a, "world", CROWDED);
        Space there = b.spaces().open("world");
        remember(here, 40, 1);
        AtomicInteger checks = new AtomicInteger();
        Progress dying = new Progress() {
            @Override
            public void report(double fraction, String message, Map<String, Double> metrics) {}

            @Override
            public void checkCancelled() {
                if (checks.incrementAndGet() == 2) {
                    assertThatThrownBy(() -> there.consolidate(false, Progress.unobserved()))
                            .isInstanceOf(Conflict.class);
                    assertThatThrownBy(() -> here.consolidate(false, Progress.unobserved()))
                            .isInstanceOf(Conflict.class);
                    a.leases().die();
                }
            }
        };

        assertThatThrownBy(() -> here.consolidate(false, dying))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("turn");
        assertThat(store("world").statistics().byTier())
                .as("what it found in its turn it does not do after it")
                .containsEntry(Tier.STM, 40L);

        there.consolidate(false, Progress.unobserved());
        assertThat(store("world").statistics().byTier())
                .containsEntry(Tier.STM, 10L)
                .containsEntry(Tier.IM, 30L);
        a.leases().revive();
        here.consolidate(false, Progress.unobserved());
    }

    /** The turn is lost right before the writing: the last moment in which that can be noticed. */
    @Test
    void writeNothingAfterTheirTurn() {
        Space here = create(a, "world", CROWDED);
        remember(here, 40, 1);
        AtomicInteger checks = new AtomicInteger();
        Progress counting = new Progress() {
            @Override
            public void report(double fraction, String message, Map<String, Double> metrics) {}

            @Override
            public void checkCancelled() {
                checks.incrementAndGet();
            }
        };
        store("world").beforeWrite(what -> {
            if (what.equals("update")) {
                throw new Unavailable("seen " + checks.get(), Duration.ofSeconds(1));
            }
        });
        assertThatThrownBy(() -> here.consolidate(false, counting)).hasMessageStartingWith("seen");
        int last = checks.get();
        store("world").beforeWrite(_ -> {});
        checks.set(0);
        Progress losing = new Progress() {
            @Override
            public void report(double fraction, String message, Map<String, Double> metrics) {}

            @Override
            public void checkCancelled() {
                if (checks.incrementAndGet() == last) {
                    a.leases().die();
                }
            }
        };
        assertThatThrownBy(() -> here.consolidate(false, losing)).hasMessageContaining("turn");
        assertThat(store("world").statistics().byTier()).containsEntry(Tier.STM, 40L);
    }

    private static float[] vector(Space space) {
        return space.embedStates(List.of(json("{\"health\":5,\"energy\":70}")))
                .getFirst()
                .full();
    }
}
