package engram.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import java.util.List;
import org.junit.jupiter.api.Test;

class MiniLmTextEncoderTest {
    private static final TextEncoder ENCODER = new MiniLmTextEncoder();

    @Test
    void paraphrasesAreNearerThanUnrelatedSentences() {
        float[][] vectors = ENCODER.encode(List.of(
                "The robot ran out of battery.", "The machine's power was used up.", "A cake needs sugar and eggs."));
        assertThat(Distances.euclidean(vectors[0], vectors[1])).isLessThan(Distances.euclidean(vectors[0], vectors[2]));
    }

    @Test
    void blankTextIsRefused() {
        assertThatThrownBy(() -> ENCODER.encode(List.of(" ")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("text");
    }
}
