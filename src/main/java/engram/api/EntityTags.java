package engram.api;

import engram.error.PreconditionFailed;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ETags of revisions, and the If-Match that asks for one. */
final class EntityTags {
    private static final Pattern TAG = Pattern.compile("\"([0-9]{1,18})\"");

    private EntityTags() {}

    /** The ETag of a revision. */
    static String of(long revision) {
        return "\"" + revision + "\"";
    }

    /** Whether an If-Match asks only that the thing exists. */
    static boolean isAny(@Nullable String ifMatch) {
        return ifMatch != null && ifMatch.strip().equals("*");
    }

    /**
     * The revision that an If-Match names; empty where any will do.
     *
     * @throws PreconditionFailed if it names no ETag that this service has ever given
     */
    static OptionalLong expected(@Nullable String ifMatch) {
        if (ifMatch == null || isAny(ifMatch)) {
            return OptionalLong.empty();
        }
        Matcher tag = TAG.matcher(ifMatch.strip());
        if (!tag.matches()) {
            throw new PreconditionFailed("If-Match names one ETag as this service gives them, such as \"3\"");
        }
        return OptionalLong.of(Long.parseLong(tag.group(1)));
    }
}
