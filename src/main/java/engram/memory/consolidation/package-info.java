/**
 * Consolidation: moves memories to lower tiers by age, capacity and importance, merges near-duplicates and forgets.
 * Ordering is by the formulas of {@link engram.memory.Importance}; limits are those of a {@link
 * engram.memory.consolidation.TierPolicy}.
 */
@NullMarked
package engram.memory.consolidation;

import org.jspecify.annotations.NullMarked;
