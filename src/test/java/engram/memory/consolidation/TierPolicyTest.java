package engram.memory.consolidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.error.FieldError;
import engram.error.InvalidInput;
import engram.memory.Tier;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TierPolicyTest {
    @Test
    void whatIsLeftOutStaysAndNullIsNoLimit() {
        TierPolicy policy =
                TierPolicy.parse(json("{'stm':{'capacity':5},'im':{'timeToLive':null},'merge':{'diameter':0}}"));
        assertThat(policy.of(Tier.STM)).isEqualTo(new TierPolicy.Limits(5L, Duration.ofHours(24)));
        assertThat(policy.of(Tier.IM)).isEqualTo(new TierPolicy.Limits(10_000L, null));
        assertThat(policy.of(Tier.LTM)).isEqualTo(new TierPolicy.Limits(null, null));
        assertThat(policy.merge()).isEqualTo(new TierPolicy.Merge(true, 0));
        assertThat(policy.merge(json("{'ltm':{'capacity':7}}")).stm().capacity())
                .isEqualTo(5);
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(TierPolicy.parse(TierPolicy.defaults().toJson())).isEqualTo(TierPolicy.defaults());
        assertThat(TierPolicy.defaults().toJson()).hasToString("""
                {"stm":{"capacity":1000,"timeToLive":"PT24H"},"im":{"capacity":10000,"timeToLive":"PT168H"},\
                "ltm":{"capacity":null,"timeToLive":null},"merge":{"enabled":true,"diameter":0.005}}""");
        TierPolicy other = TierPolicy.parse(json("{'ltm':{'capacity':0},'stm':{'timeToLive':'P2D'}}"));
        assertThat(TierPolicy.parse(other.toJson())).isEqualTo(other);
    }

    @Test
    void namesEverythingThatIsWrong() {
        assertThatThrownBy(() -> TierPolicy.parse(json("""
                {'smt':{},'stm':{'capactiy':1,'capacity':-1,'timeToLive':'1 day'},'im':{'capacity':1.5,'timeToLive':'PT0S'},
                 'ltm':[],'merge':{'enabled':1,'diameter':1,'on':true}}
                """)))
                .isInstanceOf(InvalidInput.class)
                .satisfies(problem -> assertThat(
                                ((InvalidInput) problem).errors().stream().map(FieldError::field))
                        .containsExactly(
                                "smt",
                                "stm.capactiy",
                                "stm.capacity",
                                "stm.timeToLive",
                                "im.capacity",
                                "im.timeToLive",
                                "ltm",
                                "merge.on",
                                "merge.enabled",
                                "merge.diameter"))
                .hasMessageContaining("did you mean 'stm'?")
                .hasMessageContaining("did you mean 'capacity'?");
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
