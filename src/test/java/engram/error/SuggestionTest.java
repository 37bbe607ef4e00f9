package engram.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> KNOWN = List.of("agent", "kind", "tier");

    @Test
    void namesTheNearestOrElseAll() {
        assertThat(Suggestion.forName("agnt", KNOWN)).isEqualTo("; did you mean 'agent'?");
        assertThat(Suggestion.forName("TIER", KNOWN)).isEqualTo("; did you mean 'tier'?");
        assertThat(Suggestion.forName("colour", KNOWN)).isEqualTo("; known are agent, kind, tier");
        assertThat(Suggestion.forName("x".repeat(1_000_000), KNOWN)).isEqualTo("; known are agent, kind, tier");
        assertThat(Suggestion.forName("x", List.of())).isEmpty();
    }
}
