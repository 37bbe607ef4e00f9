package engram.memory.consolidation;

import static org.assertj.core.api.Assertions.assertThat;

import engram.encoder.Resolution;
import engram.memory.EmbeddingVersion;
import engram.memory.InMemoryStore;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.Tier;
import engram.run.Progress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        long sequence = space.store().statistics().sequence();
        ConsolidationReport foreseen = space.consolidation().run(policy, true, Progress.unobserved());
        assertThat(space.store().statistics().sequence()).isEqualTo(sequence);
        assertThat(space.all()).isEqualTo(before);

        ConsolidationReport report = space.consolidation().run(policy, false, Progress.unobserved());
        assertThat(withoutFlag(foreseen)).isEqualTo(withoutFlag(report));
        assertThat(report.after()).isEqualTo(space.store().statistics().byTier());
    }

    @Property(tries = 40)
    void aSecondRunFindsNothingToDo(@ForAll long seed, @ForAll("policies") TierPolicy policy) {
        Population space = population(seed, 120);
        Consolidation consolidation = space.consolidation();
        consolidation.run(policy, false, Progress.unobserved());
        long sequence = space.store().statistics().sequence();

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
        assertThat(space.store().statistics().sequence()).isEqualTo(sequence);
    }

    @Property(tries = 40)
    void laterRunsLeaveNoMoreThanOneRunOverEverything(@ForAll long seed, @ForAll("policies") TierPolicy policy) {
        Population space = population(seed, 60);
        Consolidation consolidation = space.consolidation();
        consolidation.run(policy, false, Progress.unobserved());
        space.populate(seed + 1, 60, "later-");
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
        Population space = new Population(new InMemoryStore(() -> Population.NOW));
        space.populate(seed, size, "");
        return space;
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
