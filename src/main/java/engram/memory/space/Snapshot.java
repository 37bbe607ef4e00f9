package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * What an agent's state was at a step.
 *
 * @param step the step asked for
 * @param id the memory that tells
 * @param time when it was
 * @param state the state, kept or rebuilt
 * @param reconstructed whether it was rebuilt
 */
public record Snapshot(long step, String id, Instant time, JsonNode state, boolean reconstructed) {}
