package engram.memory.consolidation;

import static engram.memory.Memories.memory;
import static engram.memory.consolidation.Population.hoursAgo;
import static engram.memory.consolidation.Population.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.encoder.Resolution;
import engram.error.StorageFull;
import engram.memory.ChangeEvent;
import engram.memory.EmbeddingVersion;
import engram.memory.InMemoryStore;
import engram.memory.Kind;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.Tier;
import engram.memory.Update;
import engram.run.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConsolidationTest {
    private final InMemoryStore store = new InMemoryStore(() -> Population.NOW);
    private final Population space = new Population(store);

    @Test
    void whatOutlivesShortTermMemoryMovesToIntermediateMemoryWhole() {
        Memory old = memory("old").at(hoursAgo(25)).payload(state(80, 1)).build();
        space.add(old);
        space.add(memory("new").at(hoursAgo(23)).payload(state(10, 2)));
        ConsolidationReport report = run("{}");

        Memory moved = space.memory("old");
        assertThat(moved.tier()).isEqualTo(Tier.IM);
        assertThat(moved.payload()).isEqualTo(old.payload());
        assertThat(moved.reduced()).isFalse();
        assertThat(space.vector("old")).containsExactly(space.compressed(space.full(old), Resolution.COMPRESSED));
        assertThat(space.memory("new").tier()).isEqualTo(Tier.STM);
        assertThat(report.total()).isEqualTo(new ConsolidationReport.Counts(1, 0, 0, 0, 0, 0, 0));
        assertThat(report.before()).isEqualTo(Map.of(Tier.STM, 2L, Tier.IM, 0L, Tier.LTM, 0L));
        assertThat(report.after()).isEqualTo(Map.of(Tier.STM, 1L, Tier.IM, 1L, Tier.LTM, 0L));
        assertThat(report.examples().demotedToIm()).containsExactly("old");
    }

    @Test
    void longTermMemoryKeepsDeclaredFeaturesTagsTextsAndWhatIsPinned() {
        space.add(memory("state").at(hoursAgo(200)).tags("{'colour':'red'}").payload(state(80, 1)));
        space.add(memory("pinned").at(hoursAgo(200)).payload(state(30, 1)).pinned());
        space.add(memory("text").at(hoursAgo(200)).kind(Kind.TEXT).payload("{'text':'gold in the north'}"));
        run("{}");

        Memory state = space.memory("state");
        assertThat(state.tier()).isEqualTo(Tier.LTM);
        assertThat(state.payload()).isEqualTo(Memories.json("{'state':{'health':80.0,'x_position':1.0}}"));
        assertThat(state.reduced()).isTrue();
        assertThat(state.tags()).isEqualTo(Memories.json("{'colour':'red'}"));
        assertThat(space.vector("state")).hasSize(32);
        assertThat(space.memory("pinned").tier()).isEqualTo(Tier.LTM);
        assertThat(space.memory("pinned").payload()).isEqualTo(Memories.json(state(30, 1)));
        assertThat(space.memory("pinned").reduced()).isFalse();
        assertThat(space.memory("text").payload()).isEqualTo(Memories.json("{'text':'gold in the north'}"));
        assertThat(space.memory("text").reduced()).isFalse();
    }

    @Test
    void anOverfullTierLosesThoseOfHighestDemotionScore() {
        space.add(memory("old, important").at(hoursAgo(20)).importance(0.9).payload(state(1, 1)));
        space.add(memory("old").at(hoursAgo(10)).importance(0).payload(state(2, 2)));
        space.add(memory("young").at(hoursAgo(5)).importance(0).payload(state(3, 3)));
        space.add(memory("middle").at(hoursAgo(8)).importance(0.1).payload(state(4, 4)));
        space.add(memory("another's").agent("a2").at(hoursAgo(20)).payload(state(4, 4)));
        run("{'stm':{'capacity':2}}");

        assertThat(space.memory("old").tier()).isEqualTo(Tier.IM);
        assertThat(space.memory("middle").tier()).isEqualTo(Tier.IM);
        assertThat(space.memory("old, important").tier()).isEqualTo(Tier.STM);
        assertThat(space.memory("young").tier()).isEqualTo(Tier.STM);
        assertThat(space.memory("another's").tier()).isEqualTo(Tier.STM);
    }

    @Test
    void overfullLongTermMemoryForgetsTheLeastImportantButNothingPinned() {
        space.add(memory("little").tier(Tier.LTM).importance(0.1).payload(state(1, 1)));
        space.add(memory("more").tier(Tier.LTM).importance(0.3).payload(state(20, 2)));
        space.add(memory("most").tier(Tier.LTM).importance(0.8).payload(state(30, 3)));
        space.add(memory("pinned").tier(Tier.LTM).importance(0).pinned().payload(state(40, 4)));
        space.add(memory("ancient")
                .tier(Tier.LTM)
                .at(hoursAgo(1_000))
                .importance(1)
                .payload(state(50, 4)));
        ConsolidationReport report = run("{'ltm':{'capacity':2,'timeToLive':'P30D'}}");

        assertThat(space.all().keySet()).containsExactlyInAnyOrder("most", "pinned");
        assertThat(report.total().forgotten()).isEqualTo(3);
        assertThat(report.examples().forgotten()).containsExactly("ancient", "little", "more");
        assertThat(store.changes(0, 100).stream().filter(change -> change.type() == ChangeEvent.Type.FORGOTTEN))
                .hasSize(3);
    }

    @Test
    void nearDuplicatesBecomeOneMemoryThatStandsForAll() {
        space.add(memory("a")
                .tier(Tier.IM)
                .at(hoursAgo(3))
                .step(1)
                .payload(state(50, 0))
                .recalls(2)
                .reward(1)
                .tags("{'x':1,'y':1}"));
        space.add(memory("b")
                .tier(Tier.IM)
                .at(hoursAgo(2))
                .step(2)
                .payload(state(50.1, 0))
                .recalls(3)
                .importance(0.4));
        space.add(memory("c")
                .tier(Tier.IM)
                .at(hoursAgo(1))
                .step(3)
                .payload(state(50.2, 0))
                .reward(4)
                .importance(0.2)
                .tags("{'x':2}"));
        space.add(memory("far").tier(Tier.IM).at(hoursAgo(1)).payload(state(90, 0)));
        space.add(memory("other tier").tier(Tier.LTM).at(hoursAgo(1)).payload(state(50, 0)));
        space.add(
                memory("other agent").agent("a2").tier(Tier.IM).at(hoursAgo(1)).payload(state(50, 0)));
        space.add(memory("pinned")
                .tier(Tier.IM)
                .at(hoursAgo(1))
                .payload(state(50, 0))
                .pinned());
        ConsolidationReport report = run("{}");

        assertThat(report.total()).isEqualTo(new ConsolidationReport.Counts(0, 0, 1, 3, 0, 0, 0));
        assertThat(space.all().keySet()).hasSize(5).contains("far", "other tier", "other agent", "pinned");
        Memory merged = space.memory(report.examples().merged().getFirst().id());
        assertThat(merged.count()).isEqualTo(3);
        assertThat(merged.recalls()).isEqualTo(5);
        assertThat(merged.reward()).isEqualTo(2.5);
        assertThat(merged.importance()).isEqualTo(0.4);
        assertThat(merged.time()).isEqualTo(hoursAgo(1));
        assertThat(merged.step()).isEqualTo(3);
        assertThat(merged.payload()).isEqualTo(Memories.json(state(50.2, 0)));
        assertThat(merged.tags()).isEqualTo(Memories.json("{'x':2,'y':1}"));
        assertThat(merged.derivedFrom()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(merged.created()).isEqualTo(Population.NOW);
        assertThat(store.changes(0, 100).stream().filter(change -> change.type() == ChangeEvent.Type.MERGED))
                .hasSize(3);
    }

    @Test
    void aMergedMemoryTakesInLaterDuplicatesAndStaysWhereItIs() {
        space.add(memory("a").tier(Tier.IM).at(hoursAgo(3)).payload(state(50, 0)));
        space.add(memory("b").tier(Tier.IM).at(hoursAgo(2)).payload(state(50.1, 0)));
        Consolidation consolidation = space.consolidation();
        consolidation.run(policy("{}"), false, Progress.unobserved());
        space.add(memory("c")
                .tier(Tier.IM)
                .at(hoursAgo(1))
                .payload(state(50.9, 0))
                .reward(3));
        ConsolidationReport report = consolidation.run(policy("{}"), false, Progress.unobserved());

        Memory merged = space.memory(report.examples().merged().getFirst().id());
        assertThat(space.all()).hasSize(1);
        assertThat(merged.count()).isEqualTo(3);
        assertThat(merged.payload()).isEqualTo(Memories.json(state(50.1, 0)));
        assertThat(merged.time()).isEqualTo(hoursAgo(1));
        assertThat(merged.derivedFrom()).contains("a", "b", "c");
    }

    @Test
    void differentDeedsInOneSituationStayApart() {
        for (String action : new String[] {"0", "1"}) {
            for (int i = 0; i < 2; i++) {
                space.add(memory("e" + action + i)
                        .tier(Tier.IM)
                        .kind(Kind.EXPERIENCE)
                        .payload("{'state':{'health':50},'experience':{'action':" + action + ",'reward':1}}"));
            }
        }
        ConsolidationReport report = run("{}");
        assertThat(report.total().groups()).isEqualTo(2);
        assertThat(space.all().values())
                .allSatisfy(memory -> assertThat(memory.count()).isEqualTo(2));
    }

    @Test
    void aCrashBetweenWritingAndRemovingLosesNothingAndIsFinishedLater() {
        space.add(memory("a").tier(Tier.IM).at(hoursAgo(3)).payload(state(50, 0)));
        space.add(memory("b").tier(Tier.IM).at(hoursAgo(2)).payload(state(50.1, 0)));
        store.beforeWrite(what -> {
            if (what.equals("delete")) {
                throw new StorageFull("no room", new IllegalStateException());
            }
        });
        assertThatThrownBy(() -> run("{}")).isInstanceOf(StorageFull.class);
        assertThat(space.all()).hasSize(3).containsKeys("a", "b");

        store.beforeWrite(_ -> {});
        ConsolidationReport foreseen = space.consolidation().run(policy("{}"), true, Progress.unobserved());
        ConsolidationReport report = run("{}");
        assertThat(report.total().finished()).isEqualTo(2);
        assertThat(foreseen.total()).isEqualTo(report.total());
        assertThat(space.all().values()).singleElement().satisfies(merged -> assertThat(merged.derivedFrom())
                .containsExactlyInAnyOrder("a", "b"));
        assertThat(run("{}").total().isNothing()).isTrue();
    }

    @Test
    void aMemoryThatIsEditedMeanwhileIsLeftAlone() {
        space.add(memory("a").at(hoursAgo(30)).payload(state(50, 0)));
        AtomicInteger calls = new AtomicInteger();
        store.beforeWrite(what -> {
            if (calls.getAndIncrement() == 0) {
                store.update(List.of(new Update("a", OptionalLong.empty(), new Update.Edit(0.9, false, null, null))));
            }
        });
        ConsolidationReport report = run("{}");
        assertThat(space.memory("a").tier()).isEqualTo(Tier.STM);
        assertThat(report.total().skipped()).isEqualTo(1);
        assertThat(report.after()).isEqualTo(report.before());
    }

    @Test
    void mergingWaitsWhileTheSpaceIsReEmbedded() {
        space.add(memory("a").tier(Tier.IM).payload(state(50, 0)));
        space.add(memory("b").tier(Tier.IM).payload(state(50, 0)));
        EmbeddingVersion next = new EmbeddingVersion(Modality.STATE, 1);
        store.beginVersion(next);
        Consolidation consolidation = space.consolidation();
        assertThat(consolidation.run(policy("{}"), false, Progress.unobserved()).mergingPostponed())
                .isTrue();
        assertThat(space.all()).hasSize(2);

        store.discardVersion(next);
        assertThat(consolidation
                        .run(policy("{}"), false, Progress.unobserved())
                        .total()
                        .groups())
                .isEqualTo(1);
    }

    @Test
    void stopsWhereItIsWhenCancelled() {
        space.add(memory("a").at(hoursAgo(30)).payload(state(50, 0)));
        Progress cancelled = new Progress() {
            @Override
            public void report(double fraction, String message, Map<String, Double> metrics) {}

            @Override
            public void checkCancelled() {
                throw new CancellationException();
            }
        };
        assertThatThrownBy(() -> space.consolidation().run(TierPolicy.defaults(), false, cancelled))
                .isInstanceOf(CancellationException.class);
        assertThat(space.memory("a").tier()).isEqualTo(Tier.STM);
    }

    @Test
    void tellsTheApiWhatItDid() {
        space.add(memory("a").at(hoursAgo(30)).payload(state(50, 0)));
        assertThat(run("{'im':{'timeToLive':null}}").toJson()).hasToString("""
                {"dryRun":false,"before":{"STM":1,"IM":0,"LTM":0},"after":{"STM":0,"IM":1,"LTM":0},\
                "total":{"demotedToIm":1,"demotedToLtm":0,"groups":0,"merged":0,"forgotten":0,"finished":0,"skipped":0},\
                "agents":[{"agent":"a1","demotedToIm":1,"demotedToLtm":0,"groups":0,"merged":0,"forgotten":0,\
                "finished":0,"skipped":0}],"examples":{"demotedToIm":["a"],"demotedToLtm":[],"merged":[],"forgotten":[]},\
                "mergingPostponed":false}""");
    }

    @Test
    void theDiameterIsSmallInTermsOfFeatures() {
        double distance = space.space(new EmbeddingVersion(Modality.STATE, 0))
                .distance(
                        Resolution.COMPRESSED, 1 - TierPolicy.defaults().merge().diameter());
        assertThat(distance).isCloseTo(0.021, within(0.001));
    }

    @Test
    void anAgeOfExactlyTheTimeToLiveStays() {
        space.add(memory("edge").at(Population.ago(Duration.ofHours(24))).payload(state(1, 0)));
        space.add(memory("beyond")
                .at(Population.ago(Duration.ofHours(24).plusMillis(1)))
                .payload(state(50, 0)));
        run("{}");
        assertThat(space.memory("edge").tier()).isEqualTo(Tier.STM);
        assertThat(space.memory("beyond").tier()).isEqualTo(Tier.IM);
    }

    private ConsolidationReport run(String policy) {
        return space.consolidation().run(policy(policy), false, Progress.unobserved());
    }

    private static TierPolicy policy(String json) {
        try {
            return TierPolicy.parse(new ObjectMapper().readTree(json.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
