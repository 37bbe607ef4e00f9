package engram.memory.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Conflict;
import engram.error.InvalidInput;
import engram.memory.EmbeddingVersion;
import engram.memory.Filter;
import engram.memory.Modality;
import engram.memory.Tier;
import engram.run.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What spaces do, whatever store they are over. */
public abstract class SpacesContract extends SpacesFixture {
    @Test
    void findsAStateAmongOthersAndScoresItAsIdentical() {
        Space space = create("world", "{}");
        remember(space, states(200, 1));

        Recalled recalled =
                space.recall(Recall.of(new Query.OfState(states(200, 1).get(17)), 5));

        assertThat(recalled.matches()).hasSize(5);
        assertThat(recalled.matches().getFirst().similarity()).isCloseTo(1, within(1e-3));
        assertThat(state(space, recalled.matches().getFirst().memory().id()))
                .isEqualTo(states(200, 1).get(17));
        assertThat(recalled.encoder()).isEqualTo(new EmbeddingVersion(Modality.STATE, 0));
    }

    @Test
    void warmingUpCountsNoRecall() {
        Space space = create("world", "{}");
        space.warmUp();
        String id = remember(space, states(1, 1)).getFirst();

        space.warmUp();
        space.flush();

        assertThat(space.get(id).recalls()).isZero();
    }

    @Test
    void scoresOneStateAlikeInAllTiers() {
        Space space = create("tiers", unlimited());
        List<JsonNode> states = states(60, 2);
        List<String> demotedTwice = remember(space, states);
        demote(space);
        demote(space);
        List<String> demotedOnce = remember(space, states);
        // A policy that stops at IM for what was just written.
        space = replace(
                "tiers",
                "{\"tiers\":{\"stm\":{\"capacity\":0,\"timeToLive\":null},"
                        + "\"im\":{\"capacity\":null,\"timeToLive\":null},\"merge\":{\"enabled\":false}}}");
        space.consolidate(false, Progress.unobserved());
        List<String> fresh = remember(space, states);
        assertThat(space.get(demotedTwice.getFirst()).tier()).isEqualTo(Tier.LTM);
        assertThat(space.get(demotedOnce.getFirst()).tier()).isEqualTo(Tier.IM);
        assertThat(space.get(fresh.getFirst()).tier()).isEqualTo(Tier.STM);

        for (JsonNode query : states(20, 3)) {
            Recalled all = space.recall(Recall.of(new Query.OfState(query), 180));
            for (int i = 0; i < states.size(); i++) {
                double stm = score(all, fresh.get(i));
                assertThat(score(all, demotedOnce.get(i))).isCloseTo(stm, within(0.05));
                assertThat(score(all, demotedTwice.get(i))).isCloseTo(stm, within(0.05));
            }
        }
    }

    @Test
    void rebuildsAStateFromLongTermMemoryAndSaysSo() {
        Space space = create("ltm", unlimited());
        ObjectNode state = (ObjectNode) states(1, 4).getFirst();
        state.put("distance_to_base", 2.5);
        String id = remember(space, List.of(state)).getFirst();
        demote(space);
        demote(space);

        StateView view = space.state(id);

        assertThat(view.tier()).isEqualTo(Tier.LTM);
        assertThat(view.reconstructed()).isTrue();
        assertThat(view.state().get("health")).isEqualTo(state.get("health"));
        assertThat(view.state().get("status")).isEqualTo(state.get("status"));
        assertThat(view.state().has("distance_to_base")).isTrue();
        assertThat(view.state().has("perception")).isFalse();
    }

    @Test
    void remembersAndFindsTextsApartFromStates() {
        Space space = create("texts", "{}");
        remember(space, states(5, 10));
        String apples = text(space, "The harvest of apples was good this year.");
        text(space, "The rocket engine failed during the second burn.");

        Recalled recalled = space.recall(Recall.of(new Query.OfText("How many fruits did they pick?"), 2));

        assertThat(recalled.matches()).hasSize(2);
        assertThat(recalled.matches().getFirst().memory().id()).isEqualTo(apples);
        assertThat(recalled.encoder().modality()).isEqualTo(Modality.TEXT);
    }

    @Test
    void reportsEachUnsuitableMemoryOfABatchAndKeepsTheOthers() throws IOException {
        Space space = create("mixed", "{}");
        NewMemory good = newMemory(MAPPER.readTree("{\"health\":5}"));
        NewMemory bad = newMemory(MAPPER.readTree("{\"health\":\"high\"}"));

        Remembered remembered = space.remember(List.of(good, bad, good), Optional.empty());

        assertThat(remembered.outcomes().get(0)).isInstanceOf(Remembered.Stored.class);
        assertThat(remembered.outcomes().get(1))
                .isInstanceOfSatisfying(Remembered.Rejected.class, rejected -> assertThat(
                                rejected.problem().errors().getFirst().field())
                        .isEqualTo("state.health"));
        assertThat(remembered.outcomes().get(2)).isInstanceOf(Remembered.Stored.class);
        assertThat(space.statistics().total()).isEqualTo(2);
    }

    @Test
    void refusesAnotherSchemaOnceThereAreMemories() {
        Space space = create("fixed", "{}");
        remember(space, states(1, 11));
        SpaceSettings other = settings("{\"schema\":{\"observation\":{\"low\":[0],\"high\":[1]}}}");

        assertThatThrownBy(() -> memory().spaces().put("fixed", other, OptionalLong.empty()))
                .isInstanceOf(Conflict.class);
        assertThatThrownBy(() -> memory().spaces().put("Not a name", other, OptionalLong.empty()))
                .isInstanceOf(InvalidInput.class);
    }

    @Test
    void answersAVectorOnlyInTheTiersItReaches() {
        Space space = create("vectors", "{}");
        remember(space, states(3, 12));
        float[] narrow = new float[32];

        assertThat(space.recall(Recall.of(new Query.OfVector(narrow), 3)).matches())
                .isEmpty();
        assertThatThrownBy(() -> space.recall(new Recall(
                        new Query.OfVector(narrow),
                        3,
                        Set.of(Tier.STM),
                        Filter.ALL,
                        0,
                        Ranking.BY_SIMILARITY,
                        Set.of(),
                        false)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("tiers");
    }
}
