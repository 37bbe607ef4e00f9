package engram.memory.redis;

import static org.assertj.core.api.Assertions.assertThat;

import engram.error.EngramException;
import engram.memory.EmbeddingVersion;
import engram.memory.Entry;
import engram.memory.Memories;
import engram.memory.Memory;
import engram.memory.Modality;
import engram.memory.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Memories that are alike but for their ids, and waiting for what they become. */
final class ArenaEntries {
    static final EmbeddingVersion VERSION = new EmbeddingVersion(Modality.STATE, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ArenaEntries() {}

    static List<Entry> entries(String prefix, int count) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(entry(prefix + i));
        }
        return entries;
    }

    static Entry entry(String id) {
        Memory memory = Memories.memory(id).tags("{\"number\":7}").build();
        return new Entry(memory, Map.of(VERSION, vector()));
    }

    static float[] vector() {
        float[] vector = new float[Tier.STM.resolution().dimensions()];
        vector[0] = 1;
        return vector;
    }

    static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (EngramException e) {
                // Not yet.
            }
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            pause();
        }
    }

    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
