package engram.service;

import engram.error.Conflict;
import engram.error.EngramException;
import engram.memory.Statistics;
import engram.memory.Tier;
import engram.memory.consolidation.TierPolicy;
import engram.memory.space.Space;
import engram.memory.space.Spaces;
import engram.run.Progress;
import engram.service.agents.AgentService;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** What happens by itself: every open space is consolidated now and then, and one whose tiers run over before its turn. */
@Singleton
final class ScheduledWork {
    private static final Logger LOG = Logger.getLogger(ScheduledWork.class);

    private final Spaces spaces;
    private final AgentService agents;
    private final double pressure;
    /** The change after which a space was last consolidated; without a newer one pressure cannot have grown. */
    private final Map<String, Long> settled = new ConcurrentHashMap<>();

    ScheduledWork(Spaces spaces, AgentService agents, ServiceSettings settings) {
        this.agents = agents;
        this.spaces = spaces;
        this.pressure = Math.max(1, settings.consolidation().pressure());
    }

    @Scheduled(every = "{engram.consolidation.every}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void onSchedule() {
        spaces.opened().forEach(this::consolidate);
    }

    @Scheduled(every = "{engram.consolidation.check-every}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void onPressure() {
        for (Space space : spaces.opened()) {
            try {
                Statistics statistics = space.statistics();
                Long last = settled.get(space.name());
                if ((last == null || last != statistics.sequence())
                        && isPressed(statistics, space.settings().tiers(), pressure)) {
                    consolidate(space);
                }
            } catch (EngramException e) {
                LOG.warnf("space %s cannot be looked at: %s", space.name(), e.getMessage());
            }
        }
    }

    /** How often memories were recalled counts in their importance, and is lost in a crash until it is written down. */
    @Scheduled(every = "{engram.recalls.write-every}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void writeRecalls() {
        for (Space space : spaces.opened()) {
            try {
                space.flush();
            } catch (EngramException e) {
                LOG.warnf("the recalls in space %s cannot be written down: %s", space.name(), e.getMessage());
            }
        }
    }

    @Scheduled(every = "{engram.agents.save-every}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void saveAgents() {
        agents.library().saveAll();
    }

    /** Whether an agent has so many times the capacity of a tier. */
    static boolean isPressed(Statistics statistics, TierPolicy tiers, double pressure) {
        Map<AgentTier, Long> fill = new HashMap<>();
        for (Statistics.Count count : statistics.counts()) {
            fill.merge(new AgentTier(count.agent(), count.tier()), count.memories(), Long::sum);
        }
        for (Map.Entry<AgentTier, Long> entry : fill.entrySet()) {
            Long capacity = tiers.of(entry.getKey().tier()).capacity();
            if (capacity != null && entry.getValue() > pressure * capacity) {
                return true;
            }
        }
        return false;
    }

    private void consolidate(Space space) {
        try {
            space.consolidate(false, Progress.unobserved());
            settled.put(space.name(), space.statistics().sequence());
        } catch (Conflict e) {
            LOG.debugf("space %s is being consolidated already", space.name());
        } catch (EngramException e) {
            LOG.warnf("space %s cannot be consolidated: %s", space.name(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.errorf(e, "space %s cannot be consolidated", space.name());
        }
    }

    private record AgentTier(String agent, Tier tier) {}
}
