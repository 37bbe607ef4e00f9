package engram.memory.consolidation;

import static org.assertj.core.api.Assertions.assertThat;

import engram.memory.JsonObject;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.embedded.EmbeddedMemoryStores;
import engram.memory.embedded.EmbeddedSettings;
import engram.run.Progress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consolidation over the embedded store, whose searches are approximate and whose index lags behind its record. */
class EmbeddedConsolidationTest {
    @TempDir
    Path directory;

    @Test
    void isForeseenDoneOnceAndFoundDoneAfterARestart() {
        TierPolicy policy = new TierPolicy(
                new TierPolicy.Limits(60L, Duration.ofHours(100)),
                new TierPolicy.Limits(150L, Duration.ofHours(300)),
                new TierPolicy.Limits(180L, null),
                new TierPolicy.Merge(true, 0.02));
        ConsolidationReport report;
        try (EmbeddedMemoryStores stores = open()) {
            stores.putSettings("world", JsonObject.EMPTY, OptionalLong.empty());
            MemoryStore store = stores.open("world");
            Population space = new Population(store);
            space.populate(7, 800, "");
            long sequence = store.statistics().sequence();

            ConsolidationReport foreseen = space.consolidation().run(policy, true, Progress.unobserved());
            assertThat(store.statistics().sequence()).isEqualTo(sequence);
            report = space.consolidation().run(policy, false, Progress.unobserved());
            assertThat(foreseen.total()).isEqualTo(report.total());
            assertThat(foreseen.agents()).isEqualTo(report.agents());
            assertThat(report.total().groups()).isPositive();
            assertThat(report.total().demotedToIm()).isPositive();
            assertThat(report.total().demotedToLtm()).isPositive();
            assertThat(report.after()).isEqualTo(store.statistics().byTier());
        }
        try (EmbeddedMemoryStores stores = open()) {
            MemoryStore store = stores.open("world");
            Population space = new Population(store);
            assertThat(store.statistics().byTier()).isEqualTo(report.after());
            assertThat(space.consolidation()
                            .run(policy, false, Progress.unobserved())
                            .total()
                            .isNothing())
                    .isTrue();
            assertThat(space.all().values().stream().mapToLong(Memory::count).sum()
                            + report.total().forgotten())
                    .isLessThanOrEqualTo(800);
        }
    }

    private EmbeddedMemoryStores open() {
        return new EmbeddedMemoryStores(
                directory, EmbeddedSettings.defaults(), Clock.fixed(Population.NOW, ZoneOffset.UTC));
    }
}
