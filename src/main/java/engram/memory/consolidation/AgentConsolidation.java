package engram.memory.consolidation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import engram.memory.Departure;
import engram.memory.Filter;
import engram.memory.Importance;
import engram.memory.Memory;
import engram.memory.Scan;
import engram.memory.Tier;
import engram.run.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The consolidation of one agent's memories, from the highest tier down. Used once. */
final class AgentConsolidation {
    private static final int PAGE = 500;

    private final String agent;
    private final View view;
    private final TierPolicy policy;
    private final Demotion demotion;
    private final Merging merging;
    private final Instant now;
    private final long examined;
    private final Tally tally;
    private final Progress progress;

    /**
     * @param examined the sequence number up to which every memory has been compared with every other one
     */
    AgentConsolidation(
            String agent,
            View view,
            TierEncoding encoding,
            TierPolicy policy,
            Instant now,
            long examined,
            Tally tally,
            Progress progress) {
        this.agent = agent;
        this.view = view;
        this.policy = policy;
        this.demotion = new Demotion(view, encoding);
        this.merging = new Merging(view, encoding, policy.merge().diameter(), now, tally);
        this.now = now;
        this.examined = examined;
        this.tally = tally;
        this.progress = progress;
    }

    void run() {
        finishMerges();
        relieve(Tier.STM);
        merge(Tier.IM);
        relieve(Tier.IM);
        merge(Tier.LTM);
        relieve(Tier.LTM);
    }

    /** Removes what live merged memories stand for: a crash may have come between the writing and the removing. */
    private void finishMerges() {
        forEachPage(and(tierIs(Tier.IM, Tier.LTM)), true, page -> {
            for (Memory merged : page) {
                if (!merged.derivedFrom().isEmpty() && isFresh(merged)) {
                    forEachBatch(merged.derivedFrom(), ids -> finish(merged, ids));
                }
            }
        });
    }

    private void finish(Memory merged, List<String> ids) {
        List<Memory> originals = view.get(ids).values().stream()
                .filter(original -> original.agent().equals(merged.agent())
                        && original.kind() == merged.kind()
                        && !original.pinned()
                        && !original.id().equals(merged.id()))
                .toList();
        if (!originals.isEmpty()) {
            view.delete(originals.stream().map(Memory::id).toList(), Departure.MERGED);
            tally.finished(originals);
        }
    }

    private void merge(Tier tier) {
        if (policy.merge().enabled()) {
            forEachPage(
                    and(tierIs(tier)),
                    true,
                    page -> merging.merge(page.stream().filter(this::isFresh).toList()));
        }
    }

    private boolean isFresh(Memory memory) {
        return memory.sequence() > examined;
    }

    /** Makes a tier keep its limits: first by age, then by number. */
    private void relieve(Tier tier) {
        TierPolicy.Limits limits = policy.of(tier);
        Duration timeToLive = limits.timeToLive();
        if (timeToLive != null) {
            double oldest = (double) now.toEpochMilli() - timeToLive.toMillis();
            Filter expired = new Filter.Range(new Filter.Field.Time(), Double.NEGATIVE_INFINITY, true, oldest, false);
            forEachPage(and(tierIs(tier), expired), false, page -> leave(page, tier));
        }
        Long capacity = limits.capacity();
        if (capacity != null && holdsMoreThan(capacity, tier)) {
            relieveCrowd(tier, capacity, timeToLive == null ? Duration.ofDays(1) : timeToLive);
        }
    }

    /** Counts by walking, so that a dry run and memories written meanwhile need no account of their own. */
    private boolean holdsMoreThan(long capacity, Tier tier) {
        long count = 0;
        Scan.Position after = null;
        do {
            progress.checkCancelled();
            Scan.Page page = view.scan(new Scan(and(tierIs(tier)), true, after, PAGE));
            count += page.memories().size();
            after = page.next();
        } while (after != null && count <= capacity);
        return count > capacity;
    }

    private void relieveCrowd(Tier tier, long capacity, Duration timeToLive) {
        Crowd crowd = new Crowd(capacity);
        List<String> leaving = new ArrayList<>();
        forEachPage(and(tierIs(tier)), false, page -> {
            for (Memory memory : page) {
                boolean stays = tier == Tier.LTM && memory.pinned();
                double readiness = tier == Tier.LTM
                        ? -Importance.of(memory, now)
                        : Importance.demotionScore(memory, timeToLive, now);
                Optional<String> out = stays
                        ? crowd.reserve()
                        : crowd.add(new Crowd.Member(
                                memory.id(), readiness, memory.time().toEpochMilli()));
                out.ifPresent(leaving::add);
            }
            if (leaving.size() >= PAGE) {
                leaveById(leaving, tier);
            }
        });
        leaveById(leaving, tier);
    }

    private void leaveById(List<String> ids, Tier tier) {
        forEachBatch(ids, batch -> {
            Map<String, Memory> found = view.get(batch);
            List<Memory> leaving = batch.stream()
                    .flatMap(id -> Stream.ofNullable(found.get(id)))
                    .filter(memory -> memory.tier() == tier)
                    .toList();
            leave(leaving, tier);
        });
        ids.clear();
    }

    /** Moves memories to the tier below, or forgets them where there is none. */
    private void leave(List<Memory> memories, Tier tier) {
        Optional<Tier> below = tier.below();
        if (below.isPresent()) {
            if (!memories.isEmpty()) {
                List<Memory> moved = demotion.demote(memories, below.get());
                tally.demoted(moved, below.get(), memories.size() - moved.size());
            }
            return;
        }
        List<Memory> forgotten =
                memories.stream().filter(memory -> !memory.pinned()).toList();
        if (!forgotten.isEmpty()) {
            view.delete(forgotten.stream().map(Memory::id).toList(), Departure.FORGOTTEN);
            tally.forgotten(forgotten);
        }
    }

    private void forEachPage(Filter filter, boolean newestFirst, Consumer<List<Memory>> work) {
        Scan.Position after = null;
        do {
            progress.checkCancelled();
            Scan.Page page = view.scan(new Scan(filter, newestFirst, after, PAGE));
            work.accept(page.memories());
            after = page.next();
        } while (after != null);
    }

    private void forEachBatch(List<String> ids, Consumer<List<String>> work) {
        for (int from = 0; from < ids.size(); from += PAGE) {
            progress.checkCancelled();
            work.accept(List.copyOf(ids.subList(from, Math.min(ids.size(), from + PAGE))));
        }
    }

    private Filter and(Filter... parts) {
        List<Filter> all = new ArrayList<>();
        all.add(new Filter.In(new Filter.Field.Agent(), List.of(TextNode.valueOf(agent))));
        all.addAll(List.of(parts));
        return new Filter.And(all);
    }

    private static Filter tierIs(Tier... tiers) {
        List<JsonNode> names = Stream.of(tiers)
                .map(tier -> (JsonNode) TextNode.valueOf(tier.name()))
                .toList();
        return new Filter.In(new Filter.Field.Tier(), names);
    }
}
