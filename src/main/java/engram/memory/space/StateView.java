package engram.memory.space;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.Tier;

/**
 * The state of a memory.
 *
 * @param id the memory
 * @param tier the tier it is in
 * @param state the state as it was sent, or what its vector and its kept features say of it
 * @param reconstructed whether it was rebuilt rather than kept
 */
public record StateView(String id, Tier tier, JsonNode state, boolean reconstructed) {}
