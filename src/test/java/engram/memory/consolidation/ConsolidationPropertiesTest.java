package engram.memory.consolidation;

import static org.assertj.core.api.Assertions.assertThat;

import engram.encoder.Resolution;
import engram.memory.EmbeddingVersion;
import engram.memory.Kind;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.Tier;
import engram.run.Progress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ConsolidationPropertiesTest {
    private static final Tier[] TIERS = Tier.values();

    @Property(tries = 40)
    void aDryRunForeseesExactlyWhatARunDoesAndWritesNothing(@ForAll long seed, @ForAll("policies") TierPolicy policy) {
        Population space = population(seed, 120);
        Map<String, Memory> before = space.all();
        long writes = space.store.writes();
        ConsolidationReport foreseen = space.consolidation().run(policy, true, Progress.unobserved());
        assertThat(space.store.writes()).isEqualTo(writes);
        assertThat(space.all()).isEqualTo(before);

        ConsolidationReport report = space.consolidation().run(policy, false, Progress.unobserved());
        assertThat(withoutFlag(foreseen)).isEqualTo(withoutFlag(report));
        assertThat(report.after()).isEqualTo(space.store.statistics().byTier());
    }

    @Property(tries = 40)
    void aSecondRunFindsNothingToDo(@ForAll long seed, @ForAll("policies") TierPolicy policy) {
        Population space = population(seed, 120);
        Consolidation consolidation = space.consolidation();
        consolidation.run(policy, false, Progress.unobserved());
        long writes = space.store.writes();

        assertThat(consolidation
                        .run(policy, false, Progress.unobserved())
                        .total()
                        .isNothing())
                .isTrue();
        assertThat(space.consolidation()
                        .run(policy, false, Progress.unobserved())
                        .total()
                        .isNothing())
                .isTrue();
        assertThat(space.store.writes()).isEqualTo(writes);
    }

    @Property(tries = 40)
    void laterRunsLeaveNoMoreThanOneRunOverEverything(@ForAll long seed, @ForAll("policies") TierPolicy policy) {
        Population space = population(seed, 60);
        Consolidation consolidation = space.consolidation();
        consolidation.run(policy, false, Progress.unobserved());
        populate(space, seed + 1, 60, "later-");
        consolidation.run(policy, false, Progress.unobserved());

        // One that has compared nothing yet compares everything.
        assertThat(space.consolidation()
                        .run(policy, false, Progress.unobserved())
                        .total()
                        .isNothing())
                .isTrue();
    }

    @Property(tries = 40)
    void nothingIsLostAndEveryLimitIsKept(@ForAll long seed, @ForAll("policies") TierPolicy policy) {
        Population space = population(seed, 120);
        Map<String, Memory> before = space.all();
        ConsolidationReport report = space.consolidation().run(policy, false, Progress.unobserved());
        Map<String, Memory> after = space.all();

        if (report.total().forgotten() == 0) {
            assertThat(after.values().stream().mapToLong(Memory::count).sum())
                    .isEqualTo(before.values().stream().mapToLong(Memory::count).sum());
            assertThat(before.keySet()).allSatisfy(id -> assertThat(after.containsKey(id)
                            || after.values().stream()
                                    .anyMatch(memory -> memory.derivedFrom().contains(id)))
                    .isTrue());
        }
        before.values().stream().filter(Memory::pinned).forEach(memory -> assertThat(
                        space.memory(memory.id()).payload())
                .isEqualTo(memory.payload()));
        for (String agent : List.of("a0", "a1")) {
            for (Tier tier : TIERS) {
                List<Memory> here = after.values().stream()
                        .filter(memory -> memory.agent().equals(agent) && memory.tier() == tier)
                        .toList();
                long pinned = here.stream().filter(Memory::pinned).count();
                Long capacity = policy.of(tier).capacity();
                if (capacity != null) {
                    assertThat((long) here.size())
                            .isLessThanOrEqualTo(tier == Tier.LTM ? Math.max(capacity, pinned) : capacity);
                }
                Duration timeToLive = policy.of(tier).timeToLive();
                if (timeToLive != null) {
                    assertThat(here)
                            .allSatisfy(memory -> assertThat(memory.time().isBefore(Population.NOW.minus(timeToLive))
                                            && !(tier == Tier.LTM && memory.pinned()))
                                    .isFalse());
                }
            }
        }
    }

    @Property(tries = 40)
    void anyTwoMembersOfAGroupAreWithinTheDiameter(@ForAll long seed) {
        Population space = population(seed, 120);
        Map<String, float[]> vectors = new HashMap<>();
        space.all()
                .values()
                .forEach(memory -> vectors.put(
                        memory.id(),
                        space.compressed(space.full(memory), memory.tier().resolution())));
        TierPolicy.Limits unlimited = new TierPolicy.Limits(null, null);
        TierPolicy policy = new TierPolicy(unlimited, unlimited, unlimited, new TierPolicy.Merge(true, 0.01));
        space.consolidation().run(policy, false, Progress.unobserved());

        double diameter = space.space(new EmbeddingVersion(Modality.STATE, 0)).distance(Resolution.ABSTRACT, 0.99);
        for (Memory merged : space.all().values()) {
            for (String a : merged.derivedFrom()) {
                for (String b : merged.derivedFrom()) {
                    assertThat(distance(Objects.requireNonNull(vectors.get(a)), Objects.requireNonNull(vectors.get(b))))
                            .isLessThanOrEqualTo(diameter + 1e-6);
                }
            }
        }
    }

    @Provide
    Arbitrary<TierPolicy> policies() {
        Arbitrary<TierPolicy.Limits> limits = Combinators.combine(
                        Arbitraries.longs().between(0, 40).injectNull(0.4),
                        Arbitraries.longs()
                                .between(1, 300)
                                .map(Duration::ofHours)
                                .injectNull(0.4))
                .as(TierPolicy.Limits::new);
        Arbitrary<TierPolicy.Merge> merge = Combinators.combine(
                        Arbitraries.of(true, true, false), Arbitraries.of(0.0, 0.005, 0.02, 0.05))
                .as(TierPolicy.Merge::new);
        return Combinators.combine(limits, limits, limits, merge).as(TierPolicy::new);
    }

    private static Population population(long seed, int size) {
        Population space = new Population();
        populate(space, seed, size, "");
        return space;
    }

    private static void populate(Population space, long seed, int size, String prefix) {
        Random random = new Random(seed);
        for (int i = 0; i < size; i++) {
            // Few situations, little noise: many near-duplicates, and many that are nearly near.
            double health = 20 * random.nextInt(4) + random.nextInt(8) * 0.4;
            Memories memory = Memories.memory(prefix + "m" + i)
                    .agent("a" + random.nextInt(2))
                    .kind(random.nextInt(5) == 0 ? Kind.INTERACTION : Kind.STATE)
                    .tier(TIERS[random.nextInt(3)])
                    .at(Population.NOW.minusSeconds(random.nextInt(400 * 3600)))
                    .payload(Population.state(health, 10 * random.nextInt(2)))
                    .recalls(random.nextInt(4))
                    .surprise(random.nextDouble());
            if (random.nextInt(3) == 0) {
                memory.reward(random.nextInt(20) - 10);
            }
            if (random.nextInt(10) == 0) {
                memory.pinned();
            }
            space.add(memory);
        }
    }

    private static ConsolidationReport withoutFlag(ConsolidationReport report) {
        return new ConsolidationReport(
                false,
                report.before(),
                report.after(),
                report.total(),
                report.agents(),
                report.examples(),
                report.mergingPostponed());
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
