package engram.memory.deferred;

import engram.memory.IdempotencyKey;
import engram.memory.space.NewMemory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A batch whose memories have ids and times and that has a key, before the store is asked for the first time: so that
 * however often it is sent, by us or by the client, it is the same.
 *
 * @param items the memories, in order
 * @param key the client's key or one of ours
 * @param keyOfClient whether it is the client's
 */
record NamedBatch(List<DeferredWrite.Item> items, IdempotencyKey key, boolean keyOfClient) {
    NamedBatch {
        items = List.copyOf(items);
    }

    /**
     * Gives what lacks. Where the client sent a key, the ids follow from it, so that a repeated request is told the same
     * ids, whether it was stored or waits.
     */
    static NamedBatch of(
            String space, List<NewMemory> memories, Optional<IdempotencyKey> key, Supplier<String> ids, Instant now) {
        List<DeferredWrite.Item> items = new ArrayList<>(memories.size());
        for (int i = 0; i < memories.size(); i++) {
            NewMemory memory = memories.get(i);
            boolean assigned = memory.id() == null;
            int index = i;
            String id = assigned
                    ? key.map(given -> derived(space, given, index)).orElseGet(ids)
                    : String.valueOf(memory.id());
            items.add(new DeferredWrite.Item(named(memory, id, now), assigned));
        }
        return new NamedBatch(
                items,
                key.orElseGet(() -> new IdempotencyKey("engram-" + UUID.randomUUID(), "deferred")),
                key.isPresent());
    }

    List<NewMemory> memories() {
        return items.stream().map(DeferredWrite.Item::memory).toList();
    }

    private static NewMemory named(NewMemory memory, String id, Instant now) {
        Instant time = memory.time();
        return new NewMemory(
                id,
                memory.agent(),
                memory.kind(),
                memory.step(),
                time == null ? now : time,
                memory.payload(),
                memory.tags(),
                memory.reward(),
                memory.pinned(),
                memory.importance());
    }

    /** A UUID of version 8 (RFC 9562): of our own making, here a digest. */
    private static String derived(String space, IdempotencyKey key, int index) {
        try {
            String name = space + '\0' + key.value() + '\0' + key.fingerprint() + '\0' + index;
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
            long high = (digest.getLong() & ~0xf000L) | 0x8000L;
            long low = (digest.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
            return new UUID(high, low).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
