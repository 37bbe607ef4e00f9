package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import engram.error.InvalidInput;
import engram.feature.Features;
import engram.memory.Filter;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.MemoryStore;
import engram.memory.Modality;
import engram.memory.Scan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The states an encoder is trained on, and others that neither it nor an earlier one is trained on, by which encoders are
 * compared.
 *
 * @param training states to train on
 * @param heldOut states to compare by
 */
record TrainingSample(Rows training, Rows heldOut) {
    private static final int PAGE = 500;
    private static final double HELD_OUT_SHARE = 0.1;
    private static final int MOST_HELD_OUT = 2_000;

    private static final Filter EMBEDDED_BY_FEATURES = new Filter.In(
            new Filter.Field.Kind(),
            Stream.of(Kind.values())
                    .filter(kind -> kind.modality() == Modality.STATE)
                    .<JsonNode>map(kind -> TextNode.valueOf(kind.jsonName()))
                    .toList());

    /**
     * Features and presence of some states, row by row.
     *
     * @param features as many numbers a row as the schema has inputs
     * @param present for each number whether the state said it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Rows(float[][] features, boolean[][] present) {
        int size() {
            return features.length;
        }
    }

    /**
     * Takes the newest states whose payload is whole.
     *
     * @param most how many at most
     * @param seed chooses which of them are held out
     */
    static TrainingSample newest(MemoryStore store, MemoryFeatures features, int most, long seed) {
        List<Features> found = new ArrayList<>();
        Scan.Position after = null;
        do {
            Scan.Page page = store.scan(new Scan(EMBEDDED_BY_FEATURES, true, after, PAGE));
            for (Memory memory : page.memories()) {
                if (!memory.reduced() && found.size() < most) {
                    addIfWhole(found, memory, features);
                }
            }
            after = page.next();
        } while (after != null && found.size() < most);
        Collections.shuffle(found, new Random(seed));
        int heldOut = Math.min(MOST_HELD_OUT, (int) Math.ceil(found.size() * HELD_OUT_SHARE));
        return new TrainingSample(rows(found.subList(heldOut, found.size())), rows(found.subList(0, heldOut)));
    }

    private static void addIfWhole(List<Features> found, Memory memory, MemoryFeatures features) {
        try {
            found.add(features.of(memory.kind(), memory.payload().tree()));
        } catch (InvalidInput e) {
            // A memory imported under another schema has no features here; training goes on without it.
            return;
        }
    }

    private static Rows rows(List<Features> features) {
        return new Rows(
                features.stream().map(Features::values).toArray(float[][]::new),
                features.stream().map(Features::present).toArray(boolean[][]::new));
    }
}
