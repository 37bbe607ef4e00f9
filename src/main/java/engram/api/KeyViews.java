package engram.api;

import engram.service.access.AccessKey;
import engram.service.access.Grant;
import engram.service.access.Keys;
import engram.service.access.RateLimit;
import engram.service.access.Right;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Keys in answers. */
final class KeyViews {
    private KeyViews() {}

    /** What a key may do in some spaces. */
    @Schema(name = "Grant", description = "What a key may do in some spaces")
    record GrantView(
            @Schema(
                    required = true,
                    description = "A space, the beginning of names with a * behind it, or * for every space",
                    examples = "arena")
            String space,

            @Schema(required = true, description = "read, write, share or admin; admin stands for all")
            List<String> rights,

            @Schema(required = true, description = "With whose memories only; empty for those of every agent")
            List<String> agents) {
        static GrantView of(Grant grant) {
            return new GrantView(grant.space(), names(grant), List.copyOf(grant.agents()));
        }
    }

    /** A space that the holder of another key shared. */
    @Schema(name = "Share", description = "What a key may do in a space because the holder of another key shared it")
    record ShareView(
            @Schema(required = true, description = "The id of the key that it was shared with")
            String key,

            @Schema(required = true, description = "The name of that key")
            String name,

            @Schema(required = true, description = "The space", examples = "arena")
            String space,

            @Schema(required = true, description = "read, or read and write")
            List<String> rights,

            @Schema(required = true, description = "With whose memories only; empty for those of every agent")
            List<String> agents,

            @Schema(required = true, description = "The id of the key whose holder shared it")
            String sharedBy) {
        static ShareView of(Keys.Share share) {
            Grant grant = share.grant();
            return new ShareView(
                    share.key().id(),
                    share.key().name(),
                    grant.space(),
                    names(grant),
                    List.copyOf(grant.agents()),
                    grant.sharedBy().orElse(""));
        }
    }

    /** A key without its secret. */
    @Schema(name = "Key", description = "An access key, without its secret")
    record KeyView(
            @Schema(required = true, description = "Its id, which stands in the key and is no secret")
            String id,

            @Schema(required = true, description = "What people call it", examples = "forager")
            String name,

            @Schema(required = true, description = "What an administrator granted")
            List<GrantView> grants,

            @Schema(required = true, description = "What holders of other keys shared with it")
            List<ShareView> shares,

            @Schema(required = true, format = "date-time", description = "When it was made")
            String created,

            @Schema(
                    required = true,
                    nullable = true,
                    format = "date-time",
                    description = "From when on it is worth nothing; null for never")
            @Nullable
            String expires,

            @Schema(
                    required = true,
                    nullable = true,
                    format = "date-time",
                    description = "When it was revoked; null if it was not")
            @Nullable
            String revoked,

            @Schema(
                    required = true,
                    nullable = true,
                    format = "date-time",
                    description = "When it was last used, to within some minutes; null for never")
            @Nullable
            String lastUsed,

            @Schema(
                    required = true,
                    nullable = true,
                    minimum = "0",
                    description =
                            "How many requests a second it may send, 0 for any number; null for engram.access.rate")
            @Nullable
            Double rate,

            @Schema(
                    required = true,
                    nullable = true,
                    minimum = "0",
                    description = "How many at once after a pause; null where rate is null")
            @Nullable
            Integer burst) {
        static KeyView of(AccessKey key, Optional<Instant> lastUsed) {
            return new KeyView(
                    key.id(),
                    key.name(),
                    key.grants().stream()
                            .filter(grant -> grant.sharedBy().isEmpty())
                            .map(GrantView::of)
                            .toList(),
                    key.grants().stream()
                            .filter(grant -> grant.sharedBy().isPresent())
                            .map(grant -> ShareView.of(new Keys.Share(key, grant)))
                            .toList(),
                    key.created().toString(),
                    text(key.expires()),
                    text(key.revoked()),
                    text(lastUsed),
                    key.limit().map(RateLimit::rate).orElse(null),
                    key.limit().map(RateLimit::burst).orElse(null));
        }
    }

    /** A key that was just made. */
    @Schema(name = "CreatedKey", description = "A key that was just made")
    record CreatedView(
            @Schema(required = true, description = "What is kept of it")
            KeyView key,

            @Schema(
                    required = true,
                    description = "The key itself: shown this once, and kept nowhere",
                    examples = "engram_abcdefghij_abcdefghijklmnopqrstuvwxyz234567")
            String secret) {
        /** Without the secret, so that it cannot get into a log. */
        @Override
        public String toString() {
            return "CreatedView[" + key.id() + "]";
        }
    }

    /** A page of keys. */
    @Schema(name = "KeyList", description = "A page of keys")
    record KeyList(
            @Schema(required = true, description = "The keys, by id")
            List<KeyView> items,

            @Schema(
                    required = true,
                    nullable = true,
                    description = "The cursor of the next page; null after the last one")
            @Nullable
            String nextCursor) {}

    /** The shares of a space. */
    @Schema(name = "ShareList", description = "What was shared in a space")
    record ShareList(
            @Schema(required = true, description = "The shares, by key")
            List<ShareView> items) {}

    private static List<String> names(Grant grant) {
        return grant.rights().stream().map(Right::jsonName).toList();
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }
}
