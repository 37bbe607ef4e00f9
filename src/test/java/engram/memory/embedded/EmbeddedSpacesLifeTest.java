package engram.memory.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.Modality;
import engram.memory.space.Query;
import engram.memory.space.Recall;
import engram.memory.space.Recalled;
import engram.memory.space.Space;
import engram.memory.space.SpaceSettings;
import engram.memory.space.SpacesLifeContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddedSpacesLifeTest extends SpacesLifeContract {
    @Override
    protected OpenMemory openMemory(Path directory, SpaceSettings defaults) {
        return OpenEmbeddedMemory.open(directory, defaults);
    }

    @Test
    void fallsBackToTheFormerEncoderWhenTheFileIsDamagedAndReportsIt() throws Exception {
        Space space = create("damaged", unlimited());
        List<JsonNode> states = states(120, 9);
        List<String> ids = remember(space, states);
        finished(space.encoders().train(MAPPER.readTree("{\"activation\":\"always\"}")));
        memory().close();
        flipAByte(directory.resolve("spaces/damaged/encoders/v1/weights.bin"));
        open();

        Space again = memory().spaces().open("damaged");

        assertThat(again.activeEncoder(Modality.STATE).number()).isEqualTo(0);
        assertThat(memory().spaces().problems()).anyMatch(problem -> problem.contains("weights.bin"));
        Recalled recalled = again.recall(Recall.of(new Query.OfState(states.get(5)), 1));
        assertThat(recalled.matches().getFirst().memory().id()).isEqualTo(ids.get(5));
        assertThat(again.encoders().list()).anyMatch(version -> version.version() == 1 && !version.intact());
    }
}
