package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import engram.encoder.EmbeddingSpace;
import engram.encoder.Resolution;
import engram.error.InvalidInput;
import engram.feature.Features;
import engram.feature.Remark;
import java.util.ArrayList;
import java.util.List;

/** Embeds states and texts by the active encoders without keeping anything. Thread-safe. */
final class Embeddings {
    private final LiveEncoders encoders;
    private final MemoryFeatures features;

    Embeddings(LiveEncoders encoders, MemoryFeatures features) {
        this.encoders = encoders;
        this.features = features;
    }

    List<Embedding> ofStates(List<JsonNode> states) {
        List<Features> extracted = new ArrayList<>(states.size());
        for (int i = 0; i < states.size(); i++) {
            try {
                extracted.add(features.ofState(states.get(i)));
            } catch (InvalidInput e) {
                throw e.under("[" + i + "]");
            }
        }
        float[][] rows = extracted.stream().map(Features::values).toArray(float[][]::new);
        List<List<Remark>> remarks = extracted.stream().map(Features::remarks).toList();
        return encoders.use(view -> atEveryResolution(view.active().encode(rows), view.active(), remarks));
    }

    List<Embedding> ofTexts(List<String> texts) {
        List<List<Remark>> none = texts.stream().map(text -> List.<Remark>of()).toList();
        return encoders.use(view -> atEveryResolution(view.text().encode(texts), view.text(), none));
    }

    private static List<Embedding> atEveryResolution(float[][] full, EmbeddingSpace space, List<List<Remark>> remarks) {
        List<Embedding> embeddings = new ArrayList<>(full.length);
        for (int i = 0; i < full.length; i++) {
            embeddings.add(new Embedding(
                    full[i],
                    space.compress(full[i], Resolution.FULL, Resolution.COMPRESSED),
                    space.compress(full[i], Resolution.FULL, Resolution.ABSTRACT),
                    remarks.get(i)));
        }
        return embeddings;
    }
}
