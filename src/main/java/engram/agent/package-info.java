/**
 * Agents that learn: policies that choose actions, and learners that improve them from transitions (deep Q-networks, soft
 * actor-critic, REINFORCE). They know no environment's rules, no store and no HTTP. Learning computes on PyTorch; a policy
 * is a snapshot of plain numbers that acts on any thread without it.
 */
@NullMarked
package engram.agent;

import org.jspecify.annotations.NullMarked;
