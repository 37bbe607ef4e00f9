package engram.api;

import engram.memory.EmbeddingVersion;
import engram.memory.Kind;
import engram.memory.Modality;
import engram.memory.Statistics;
import engram.memory.Tier;
import engram.memory.space.Space;
import engram.service.access.AgentScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How many memories a space holds. */
@Schema(name = "Statistics", description = "How many memories a space holds")
record StatisticsView(
        @Schema(required = true, minimum = "0", description = "All memories")
        long memories,

        @Schema(required = true, description = "Memories by tier", examples = "{\"STM\":1000,\"IM\":250,\"LTM\":0}")
        Map<String, Long> tiers,

        @Schema(required = true, description = "Memories by kind")
        Map<String, Long> kinds,

        @Schema(required = true, description = "Memories by agent and tier")
        Map<String, Map<String, Long>> agents,

        @Schema(required = true, description = "What embeds states now")
        ActiveEncoder encoder,

        @Schema(required = true, minimum = "0", description = "The size of the record on disk in bytes")
        long recordBytes,

        @Schema(required = true, minimum = "0", description = "The size of the indexes on disk in bytes")
        long indexBytes,

        @Schema(required = true, minimum = "0", description = "The number of the last change")
        long sequence) {

    /** The active encoder. */
    @Schema(name = "ActiveEncoder", description = "What embeds states now")
    record ActiveEncoder(
            @Schema(
                    required = true,
                    minimum = "0",
                    description = "0 for the random projection, 1 and up for trained autoencoders")
            int version) {}

    /** @param readable whose memories count */
    static StatisticsView of(Space space, AgentScope readable) {
        Statistics statistics = space.statistics();
        EmbeddingVersion encoder = space.activeEncoder(Modality.STATE);
        Map<String, Long> kinds = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            kinds.put(kind.jsonName(), 0L);
        }
        Map<String, Map<String, Long>> agents = new TreeMap<>();
        Map<String, Long> tiers = none();
        long[] all = {0};
        statistics.counts().stream()
                .filter(count -> readable.includes(count.agent()))
                .forEach(count -> {
                    all[0] += count.memories();
                    kinds.merge(count.kind().jsonName(), count.memories(), Long::sum);
                    tiers.merge(count.tier().name(), count.memories(), Long::sum);
                    agents.computeIfAbsent(count.agent(), agent -> none())
                            .merge(count.tier().name(), count.memories(), Long::sum);
                });
        return new StatisticsView(
                all[0],
                tiers,
                kinds,
                agents,
                new ActiveEncoder(encoder.number()),
                statistics.recordBytes(),
                statistics.indexBytes(),
                statistics.sequence());
    }

    /** No memories in each tier. */
    static Map<String, Long> none() {
        Map<String, Long> none = new LinkedHashMap<>();
        for (Tier tier : Tier.values()) {
            none.put(tier.name(), 0L);
        }
        return none;
    }
}
