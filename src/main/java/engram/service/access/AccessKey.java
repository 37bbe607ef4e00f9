package engram.service.access;

import engram.error.InvalidInput;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key as it is kept: all but the secret, of which there is a hash only.
 *
 * @param id tells it from every other key; stands in the key itself and is no secret
 * @param name what people call it; 1 to 100 characters
 * @param hash the SHA-256 of the key as hexadecimal digits
 * @param created when it was made
 * @param expires from when on it is worth nothing
 * @param revoked when it was revoked
 * @param grants what it may do, at most {@value #MOST_GRANTS}; none for nothing
 * @param limit how often it may ask; the limit of the settings where it is absent
 */
public record AccessKey(
        String id,
        String name,
        String hash,
        Instant created,
        Optional<Instant> expires,
        Optional<Instant> revoked,
        List<Grant> grants,
        Optional<RateLimit> limit) {
    private static final int LONGEST_NAME = 100;
    private static final int MOST_GRANTS = 100;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");

    /** @throws InvalidInput if name or grants are unsuitable */
    public AccessKey {
        if (name.isBlank()
                || name.length() > LONGEST_NAME
                || CONTROL.matcher(name).find()) {
            throw new InvalidInput("name", "has 1 to " + LONGEST_NAME + " characters, without control characters");
        }
        if (grants.size() > MOST_GRANTS) {
            throw new InvalidInput("grants", "are at most " + MOST_GRANTS + ", not " + grants.size());
        }
        grants = List.copyOf(grants);
    }

    /** Whether it opens anything at this time. */
    public boolean isActive(Instant now) {
        return revoked.isEmpty() && expires.filter(end -> !now.isBefore(end)).isEmpty();
    }

    boolean isOfAdministrator() {
        return grants.stream().anyMatch(Grant::isOfAdministrator);
    }

    AccessKey withGrants(List<Grant> others) {
        return new AccessKey(id, name, hash, created, expires, revoked, others, limit);
    }

    AccessKey revokedAt(Instant now) {
        return new AccessKey(id, name, hash, created, expires, Optional.of(revoked.orElse(now)), grants, limit);
    }
}
