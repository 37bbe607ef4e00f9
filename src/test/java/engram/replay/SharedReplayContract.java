package engram.replay;

import static org.assertj.core.api.Assertions.assertThat;

import engram.error.Unavailable;
import engram.memory.Filter;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.space.NewMemory;
import engram.memory.space.Space;
import engram.memory.space.SpacesFixture;
import engram.run.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Replay over a shared space, whatever store it has. */
public abstract class SharedReplayContract extends SpacesFixture {
    private static final TransitionShape SHAPE = TransitionShape.of(2, 1);
    private static final SharedReplaySettings ADA = SharedReplaySettings.of("ada");

    private final SplittableRandom random = new SplittableRandom(5);
    private final AtomicBoolean away = new AtomicBoolean();
    private final Batch batch = new Batch(SHAPE, 200);

    @Test
    void remembersAndDrawsWhatWasRemembered() {
        Space space = create("shared", "{}");
        SharedReplay ada = replay(space, ADA);
        assertThat(ada.sample(batch, 1, 1, random)).isFalse();
        Transition first = CountedTransitions.single(0.5f, false);
        Transition last = new Transition(
                new float[] {0.1f, -3}, new float[] {1}, -2.25f, new float[] {7, 8}, true, true, 3, new boolean[0]);
        ada.remember(1, first);
        ada.remember(2, last);
        assertThat(ada.status().waiting()).isEqualTo(2);
        ada.refresh();
        assertThat(ada.status().attached()).isTrue();
        assertThat(ada.status().waiting()).isZero();
        assertThat(ada.status().remembered()).isEqualTo(2);
        assertThat(drawn(ada)).containsExactlyInAnyOrder(content(first), content(last));
        List<Memory> memories = space.list(new engram.memory.Scan(engram.memory.Filter.ALL, false, null, 10))
                .memories();
        assertThat(memories).allSatisfy(memory -> {
            assertThat(memory.kind()).isEqualTo(Kind.EXPERIENCE);
            assertThat(memory.agent()).isEqualTo("ada");
        });
        assertThat(memories.stream().map(Memory::step)).containsExactlyInAnyOrder(1L, 2L);
        assertThat(memories.stream().map(Memory::reward)).containsExactlyInAnyOrder(1.0, -2.25);
        assertThat(memories.stream().map(memory -> memory.payload().toString()))
                .anySatisfy(payload -> assertThat(payload)
                        .contains("\"observation\":[0.1,-3]", "\"action\":1", "\"terminated\":true", "\"steps\":3"));
    }

    @Test
    void followsWhatOthersWriteAndDelete() {
        Space space = create("shared", "{}");
        SharedReplay ada = replay(space, ADA.withSources(false, Set.of(), Set.of("eve")));
        SharedReplay bob = replay(space, SharedReplaySettings.of("bob"));
        SharedReplay eve = replay(space, SharedReplaySettings.of("eve"));
        write(ada, 1);
        write(eve, 2);
        write(bob, 3);
        ada.refresh();
        assertThat(firsts(ada)).containsExactly(3f);
        write(bob, 4);
        write(ada, 5);
        write(eve, 6);
        ada.refresh();
        assertThat(firsts(ada)).containsExactlyInAnyOrder(3f, 4f);
        bob.refresh();
        assertThat(firsts(bob)).containsExactlyInAnyOrder(1f, 2f, 3f, 4f, 5f, 6f);
        space.clear(new engram.memory.Criteria("bob", null, null, null, null, null, null).toFilter());
        ada.refresh();
        assertThat(ada.status().held()).isZero();
        SharedReplay only = replay(space, ADA.withSources(true, Set.of("eve"), Set.of()));
        only.refresh();
        assertThat(firsts(only)).containsExactlyInAnyOrder(2f, 6f);
    }

    @Test
    void goesOnWhileTheSpaceIsAwayAndComesBack() {
        Space space = create("shared", "{}");
        SharedReplay ada = replay(space, ADA.withBounds(100, 3));
        write(ada, 1);
        ada.refresh();
        away.set(true);
        for (int i = 2; i < 7; i++) {
            ada.remember(i, CountedTransitions.single(i, false));
        }
        ada.refresh();
        assertThat(ada.status().attached()).isFalse();
        assertThat(ada.status().lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("gone"));
        assertThat(ada.status().dropped()).isEqualTo(2);
        assertThat(ada.status().waiting()).isEqualTo(3);
        assertThat(firsts(ada)).containsExactly(1f);
        away.set(false);
        ada.refresh();
        assertThat(ada.status().attached()).isTrue();
        assertThat(ada.status().waiting()).isZero();
        assertThat(firsts(ada)).containsExactlyInAnyOrder(1f, 4f, 5f, 6f);
    }

    @Test
    void passesOverWhatDoesNotFit() {
        Space space = create("shared", "{}");
        store(space, "{\"observation\":[1,2,3],\"action\":0,\"reward\":1,\"nextObservation\":[1,2,3]}", null);
        store(space, "{\"observation\":{\"health\":3},\"action\":0,\"reward\":1,\"nextObservation\":[1,2]}", null);
        store(space, "{\"observation\":[1,2],\"action\":0,\"reward\":\"much\",\"nextObservation\":[1,2]}", null);
        store(space, "{\"observation\":[1,2],\"action\":[0],\"reward\":1,\"nextObservation\":[1,2]}", null);
        SharedReplay ada = replay(space, ADA);
        ada.refresh();
        assertThat(ada.status().held()).isEqualTo(1);
        assertThat(ada.status().unusable()).isEqualTo(3);
    }

    @Test
    void leavesOutWhatLongTermMemoryHasGivenUp() {
        Space space = create("shared", "{}");
        SharedReplay ada = replay(space, ADA);
        write(ada, 1);
        ada.refresh();
        replace(
                "shared",
                "{\"tiers\":{\"stm\":{\"capacity\":0,\"timeToLive\":null},"
                        + "\"im\":{\"capacity\":null,\"timeToLive\":null},\"merge\":{\"enabled\":false}}}");
        space.consolidate(false, Progress.unobserved());
        ada.refresh();
        assertThat(firsts(ada)).containsExactly(1f);
        demote(space);
        demote(space);
        ada.refresh();
        assertThat(ada.status().held()).isZero();
        assertThat(ada.status().lastError()).isEmpty();
    }

    @Test
    void sharesPrioritiesAsImportance() {
        Space space = create("shared", "{}");
        SharedReplaySettings prioritized = ADA.withStrategy(SharedReplaySettings.Strategy.PRIORITIZED);
        SharedReplay ada = replay(space, prioritized);
        for (int i = 0; i < 20; i++) {
            write(ada, i);
        }
        ada.refresh();
        ada.sample(batch, 200, 1, random);
        float[] priorities = new float[200];
        for (int i = 0; i < 200; i++) {
            priorities[i] = batch.observations()[2 * i] == 7 ? 1_000 : 0;
        }
        ada.updatePriorities(batch.positions(), priorities, 200);
        ada.sample(batch, 200, 1, random);
        assertThat(sevens()).isGreaterThan(150);
        ada.refresh();
        Map<Boolean, Long> important = new java.util.TreeMap<>(
                space.list(new engram.memory.Scan(engram.memory.Filter.ALL, false, null, 50)).memories().stream()
                        .collect(java.util.stream.Collectors.groupingBy(
                                memory ->
                                        Optional.ofNullable(memory.importance()).orElse(0.0) > 0.99,
                                java.util.stream.Collectors.counting())));
        assertThat(important).containsEntry(true, 1L).containsEntry(false, 19L);
        SharedReplay bob = replay(space, prioritized);
        bob.refresh();
        bob.sample(batch, 200, 1, random);
        assertThat(sevens()).isGreaterThan(150);
    }

    @Test
    void recallsWhatIsLikeTheObservationsShown() {
        Space space = create("shared", "{\"schema\":{\"observation\":{\"low\":[-10,-10],\"high\":[10,10]}}}");
        SharedReplay writer = replay(space, SharedReplaySettings.of("bob"));
        for (int i = -9; i < 10; i++) {
            write(writer, i);
        }
        SharedReplay ada = replay(
                space, ADA.withStrategy(SharedReplaySettings.Strategy.SIMILAR).withBounds(5, 10));
        ada.refresh();
        assertThat(ada.status().held()).isZero();
        ada.show(new float[] {6, 1});
        ada.refresh();
        assertThat(firsts(ada)).hasSize(5).contains(6f).allMatch(first -> first > 2);
    }

    @Test
    void letsOldExperiencesGo() {
        Space space = create("shared", "{}");
        String experience = "{\"observation\":[1,2],\"action\":0,\"reward\":1,\"nextObservation\":[1,2]}";
        store(space, experience, Instant.now().minus(Duration.ofHours(2)));
        store(space, experience, Instant.now().minus(Duration.ofMinutes(1)));
        SharedReplay ada = replay(space, ADA.withLimits(0, Duration.ofHours(1)));
        ada.refresh();
        assertThat(ada.status().held()).isEqualTo(1);
    }

    @Test
    void foldsStepsOfOneAgentThatFollowedOneAnother() {
        Space space = create("shared", "{}");
        SharedReplay ada = replay(space, ADA.withFolding(new SharedReplaySettings.Folding(3, 0.5)));
        SharedReplay bob = replay(space, SharedReplaySettings.of("bob"));
        SharedReplay eve = replay(space, SharedReplaySettings.of("eve"));
        for (int step = 1; step <= 4; step++) {
            bob.remember(step, CountedTransitions.single(step, step == 4));
            eve.remember(step, CountedTransitions.single(10 * step, false));
            bob.refresh();
            eve.refresh();
            ada.refresh();
        }
        bob.remember(11, CountedTransitions.single(50, false));
        bob.remember(12, CountedTransitions.ofTwoSteps(51));
        bob.refresh();
        ada.refresh();
        assertThat(folded(ada))
                .containsExactlyInAnyOrder(
                        // What its agent had folded itself is of more than one step already.
                        "50 +1.0 1 steps to 51",
                        "51 +7.0 2 steps to 53",
                        "1 +1.75 3 steps to 4",
                        "2 +1.75 3 steps to 5, the end",
                        "3 +1.5 2 steps to 5, the end",
                        "4 +1.0 1 steps to 5, the end",
                        // Of the next step, but not from where the one before led to.
                        "10 +1.0 1 steps to 11",
                        "20 +1.0 1 steps to 21",
                        "30 +1.0 1 steps to 31",
                        "40 +1.0 1 steps to 41");
        Memory second = space.list(new Scan(Filter.ALL, false, null, 10)).memories().stream()
                .filter(memory ->
                        memory.agent().equals("bob") && Long.valueOf(2).equals(memory.step()))
                .findFirst()
                .orElseThrow();
        space.delete(second.id(), OptionalLong.empty());
        ada.refresh();
        assertThat(folded(ada))
                .contains("1 +1.0 1 steps to 2", "3 +1.5 2 steps to 5, the end")
                .hasSize(9);
        // What is drawn as it was remembered is not folded.
        assertThat(ada.sampleSteps(batch, 200, random)).isTrue();
        assertThat(batch.steps()).containsOnly(1, 2);
    }

    private Set<String> folded(SharedReplay replay) {
        Set<String> drawn = new HashSet<>();
        assertThat(replay.sample(batch, 200, 1, random)).isTrue();
        for (int i = 0; i < 200; i++) {
            drawn.add((int) batch.observations()[2 * i] + " +" + batch.rewards()[i] + " " + batch.steps()[i]
                    + " steps to " + (int) batch.nextObservations()[2 * i]
                    + (batch.terminated()[i] ? ", the end" : ""));
        }
        return drawn;
    }

    @Test
    void keepsUpByItselfAndWritesWhatWaitsWhenClosed() {
        Space space = create("shared", "{}");
        SharedReplay ada = replay(space, ADA);
        ada.start();
        write(replay(space, SharedReplaySettings.of("bob")), 3);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (ada.status().held() == 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(firsts(ada)).containsExactly(3f);
        ada.remember(1, CountedTransitions.single(9, true));
        ada.close();
        assertThat(space.statistics().total()).isEqualTo(2);
    }

    private SharedReplay replay(Space space, SharedReplaySettings settings) {
        return new SharedReplay(
                () -> {
                    if (away.get()) {
                        throw new Unavailable("gone", Duration.ofSeconds(1));
                    }
                    return space;
                },
                SHAPE,
                settings,
                Clock.systemUTC());
    }

    private static void write(SharedReplay replay, float first) {
        replay.remember(0, CountedTransitions.single(first, false));
        replay.refresh();
    }

    private static void store(Space space, String experience, @Nullable Instant time) {
        JsonObject payload = JsonObject.stored(
                ("{\"experience\":" + experience + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        space.remember(
                List.of(new NewMemory(
                        null, "bob", Kind.EXPERIENCE, null, time, payload, JsonObject.EMPTY, null, false, null)),
                Optional.empty());
    }

    private static String content(Transition transition) {
        return Batches.content(new Transition(
                transition.observation(),
                transition.action(),
                transition.reward(),
                transition.nextObservation(),
                transition.terminated(),
                transition.truncated(),
                transition.steps(),
                new boolean[0]));
    }

    private Set<String> drawn(SharedReplay replay) {
        Set<String> drawn = new HashSet<>();
        if (replay.sample(batch, 200, 1, random)) {
            for (int i = 0; i < 200; i++) {
                drawn.add(Batches.content(Batches.row(batch, i)));
            }
        }
        return drawn;
    }

    private Set<Float> firsts(SharedReplay replay) {
        List<Float> firsts = new ArrayList<>();
        if (replay.sample(batch, 200, 1, random)) {
            for (int i = 0; i < 200; i++) {
                firsts.add(batch.observations()[2 * i]);
            }
        }
        return new HashSet<>(firsts);
    }

    private long sevens() {
        long sevens = 0;
        for (int i = 0; i < 200; i++) {
            sevens += batch.observations()[2 * i] == 7 ? 1 : 0;
        }
        return sevens;
    }
}
