package engram.service.access;

import engram.error.FieldError;
import engram.error.InvalidInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a key may do in some spaces.
 *
 * @param space the name of a space, the beginning of names with a {@code *} behind it, or {@code *} for every space
 * @param rights what it may do there; {@link Right#ADMIN} stands for all
 * @param agents with whose memories only; those of every agent where it is empty
 * @param sharedBy the id of the key whose holder shared the space; empty for what an administrator granted
 */
public record Grant(String space, Set<Right> rights, SortedSet<String> agents, Optional<String> sharedBy) {
    /** Every space. */
    public static final String EVERYWHERE = "*";

    private static final int MOST_AGENTS = 100;
    private static final int LONGEST_AGENT = 128;
    private static final Pattern SPACE = Pattern.compile("\\*|[a-z0-9][a-z0-9._-]{0,63}\\*?");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");

    /** @throws InvalidInput if one of them is unsuitable */
    public Grant {
        List<FieldError> errors = new ArrayList<>();
        if (!SPACE.matcher(space).matches()) {
            errors.add(new FieldError(
                    "space",
                    "is the name of a space, the beginning of names with a * behind it, or * for every space"));
        }
        if (rights.isEmpty()) {
            errors.add(new FieldError("rights", "names at least one of read, write, share and admin"));
        }
        if (agents.size() > MOST_AGENTS) {
            errors.add(new FieldError("agents", "are at most " + MOST_AGENTS + ", not " + agents.size()));
        }
        for (String agent : agents) {
            if (agent.isBlank()
                    || agent.length() > LONGEST_AGENT
                    || CONTROL.matcher(agent).find()) {
                errors.add(new FieldError(
                        "agents", "are names of 1 to " + LONGEST_AGENT + " characters, without control characters"));
                break;
            }
        }
        if (rights.contains(Right.ADMIN) && !agents.isEmpty()) {
            errors.add(new FieldError("agents", "do not go with admin, which is about the space as a whole"));
        }
        if (!errors.isEmpty()) {
            throw new InvalidInput(errors);
        }
        rights = Collections.unmodifiableSet(EnumSet.copyOf(rights));
        agents = Collections.unmodifiableSortedSet(new TreeSet<>(agents));
    }

    /** What an administrator grants. */
    public static Grant of(String space, Set<Right> rights, Set<String> agents) {
        return new Grant(space, rights, new TreeSet<>(agents), Optional.empty());
    }

    boolean covers(String name) {
        return space.endsWith("*") ? name.startsWith(space.substring(0, space.length() - 1)) : name.equals(space);
    }

    boolean has(Right right) {
        return rights.contains(right) || rights.contains(Right.ADMIN);
    }

    /** Whether it is about the whole service. */
    boolean isOfAdministrator() {
        return space.equals(EVERYWHERE) && rights.contains(Right.ADMIN);
    }

    AgentScope scope() {
        return AgentScope.of(agents);
    }

    boolean isShareOf(String name) {
        return sharedBy.isPresent() && space.equals(name);
    }
}
