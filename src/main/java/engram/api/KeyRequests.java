package engram.api;

import com.fasterxml.jackson.databind.JsonNode;
import engram.error.InvalidInput;
import engram.error.Suggestion;
import engram.service.access.AccessKey;
import engram.service.access.Grant;
import engram.service.access.Keys;
import engram.service.access.RateLimit;
import engram.service.access.Right;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Keys as clients ask for them. */
final class KeyRequests {
    private KeyRequests() {}

    /** A grant that a client asks for. */
    @Schema(
            name = "GrantRequest",
            description = "What a key may do in some spaces",
            additionalProperties = Schema.False.class)
    record GrantRequest(
            @Schema(
                    required = true,
                    description = "A space, the beginning of names with a * behind it, or * for every space",
                    examples = "arena")
            @Nullable
            String space,

            @Schema(
                    required = true,
                    description = "read, write, share or admin; admin stands for all, and on * for the whole service",
                    examples = "[\"read\",\"write\"]")
            @Nullable
            List<@Nullable String> rights,

            @Schema(nullable = true, description = "With whose memories only; absent for those of every agent")
            @Nullable
            List<@Nullable String> agents) {

        Grant grant() {
            return Grant.of(space == null ? "" : space, KeyRequests.rights(rights), names(agents));
        }
    }

    /** A key that a client asks for. */
    @Schema(name = "KeyRequest", description = "A key to be made", additionalProperties = Schema.False.class)
    record NewKeyRequest(
            @Schema(required = true, description = "What people call it", examples = "forager") @Nullable
            String name,

            @Schema(required = true, description = "What it may do") @Nullable
            List<@Nullable GrantRequest> grants,

            @Schema(
                    nullable = true,
                    format = "date-time",
                    description = "From when on it is worth nothing; absent for never")
            @Nullable
            String expires,

            @Schema(
                    nullable = true,
                    minimum = "0",
                    description =
                            "How many requests a second it may send, 0 for any number; absent for engram.access.rate")
            @Nullable
            Double rate,

            @Schema(
                    nullable = true,
                    minimum = "0",
                    description = "How many at once after a pause, 0 for those of one second")
            @Nullable
            Integer burst) {

        Keys.NewKey key() {
            return new Keys.NewKey(
                    name == null ? "" : name,
                    KeyRequests.grants(grants),
                    Optional.ofNullable(expires).map(KeyRequests::time),
                    KeyRequests.limit(rate, burst));
        }
    }

    /** A change of a key. */
    @Schema(name = "KeyEdit", description = "A change of a key", additionalProperties = Schema.False.class)
    record KeyEdit(
            @Schema(nullable = true, description = "What people call it") @Nullable
            String name,

            @Schema(nullable = true, description = "What it may do instead; what was shared with it stays") @Nullable
            List<@Nullable GrantRequest> grants,

            @Schema(
                    implementation = String.class,
                    nullable = true,
                    format = "date-time",
                    description = "From when on it is worth nothing; null for never")
            @Nullable
            JsonNode expires,

            @Schema(
                    implementation = Double.class,
                    nullable = true,
                    minimum = "0",
                    description = "How many requests a second it may send; null for engram.access.rate")
            @Nullable
            JsonNode rate,

            @Schema(nullable = true, minimum = "0", description = "How many at once after a pause; goes with rate")
            @Nullable
            Integer burst) {

        UnaryOperator<AccessKey> change() {
            return key -> new AccessKey(
                    key.id(),
                    name == null ? key.name() : name,
                    key.hash(),
                    key.created(),
                    expires == null ? key.expires() : end(expires),
                    key.revoked(),
                    grants == null ? key.grants() : KeyRequests.grants(grants),
                    limit(key));
        }

        private Optional<RateLimit> limit(AccessKey key) {
            Double before = key.limit().map(RateLimit::rate).orElse(null);
            Integer burstBefore = key.limit().map(RateLimit::burst).orElse(null);
            Double after = before;
            if (rate != null) {
                if (!rate.isNull() && !rate.isNumber()) {
                    throw new InvalidInput("rate", "must be a number, or null");
                }
                after = rate.isNull() ? null : (Double) rate.doubleValue();
            }
            return KeyRequests.limit(after, burst == null && after != null ? burstBefore : burst);
        }

        private static Optional<Instant> end(JsonNode time) {
            if (time.isNull()) {
                return Optional.empty();
            }
            if (!time.isTextual()) {
                throw new InvalidInput("expires", "must be a time of RFC 3339, or null");
            }
            return Optional.of(time(time.textValue()));
        }
    }

    /** A space that a client wants to share. */
    @Schema(name = "ShareRequest", description = "Who is let into a space", additionalProperties = Schema.False.class)
    record ShareRequest(
            @Schema(required = true, description = "The id of the key that is let in", examples = "abcdefghij")
            @Nullable
            String key,

            @Schema(required = true, description = "read, or read and write", examples = "[\"read\"]") @Nullable
            List<@Nullable String> rights,

            @Schema(
                    nullable = true,
                    description = "With whose memories only; absent for those that the sender may share")
            @Nullable
            List<@Nullable String> agents) {}

    static Set<Right> rights(@Nullable List<@Nullable String> names) {
        List<String> known = Arrays.stream(Right.values()).map(Right::jsonName).toList();
        Set<Right> rights = EnumSet.noneOf(Right.class);
        if (names != null) {
            for (String name : names) {
                String text = name == null ? "null" : name;
                rights.add(Right.of(text)
                        .orElseThrow(() -> new InvalidInput(
                                "rights",
                                "'" + Names.shortened(text) + "' is unknown" + Suggestion.forName(text, known))));
            }
        }
        return rights;
    }

    static SortedSet<String> names(@Nullable List<@Nullable String> names) {
        SortedSet<String> texts = new TreeSet<>();
        if (names != null) {
            if (names.isEmpty()) {
                throw new InvalidInput("agents", "names at least one where it is given");
            }
            names.forEach(name -> texts.add(name == null ? "" : name));
        }
        return texts;
    }

    private static List<Grant> grants(@Nullable List<@Nullable GrantRequest> requests) {
        if (requests == null) {
            throw new InvalidInput("grants", "says what the key may do and must be there");
        }
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            GrantRequest request = requests.get(i);
            if (request == null) {
                throw new InvalidInput("grants[" + i + "]", "must be a grant");
            }
            try {
                grants.add(request.grant());
            } catch (InvalidInput e) {
                throw e.under("grants[" + i + "]");
            }
        }
        return grants;
    }

    private static Optional<RateLimit> limit(@Nullable Double rate, @Nullable Integer burst) {
        if (rate == null && burst != null) {
            throw new InvalidInput("burst", "goes with rate");
        }
        return rate == null ? Optional.empty() : Optional.of(new RateLimit(rate, burst == null ? 0 : burst));
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidInput("expires", "must be a time of RFC 3339, such as 2027-01-01T00:00:00Z");
        }
    }
}
