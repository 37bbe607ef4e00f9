/**
 * The store that several agents, hosts and replicas share: memories as Redis hashes, vector indexes of RediSearch. The one
 * entry is {@link engram.memory.redis.RedisMemoryStores}.
 */
@NullMarked
package engram.memory.redis;

import org.jspecify.annotations.NullMarked;
