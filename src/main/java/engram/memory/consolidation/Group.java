package engram.memory.consolidation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.JsonObject;
import engram.memory.Kind;
import engram.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Near-duplicates that become one memory. Its first member is its centre: every other one was found within the radius
 * around it, and its payload and vector are what the merged memory keeps, so that groups do not drift as they grow.
 */
final class Group {
    private static final Pattern MERGED_ID = Pattern.compile("merged-[0-9a-f]{32}");

    private final List<Memory> members = new ArrayList<>();

    Group(Memory centre) {
        members.add(centre);
    }

    Memory centre() {
        return members.getFirst();
    }

    List<Memory> members() {
        return members;
    }

    void add(Memory member) {
        members.add(member);
    }

    /** How many original memories the group stands for. */
    long count() {
        return members.stream().mapToLong(Memory::count).sum();
    }

    /**
     * Whether two memories of one agent, kind and tier whose vectors are near may become one: actions and experiences
     * only if the same was done, which the vector of an experience does not tell.
     */
    static boolean mayJoin(Memory a, Memory b) {
        if (a.pinned() || b.pinned()) {
            return false;
        }
        return switch (a.kind()) {
            case STATE, INTERACTION, TEXT -> true;
            case ACTION -> Objects.equals(deed(a, "action"), deed(b, "action"));
            case EXPERIENCE ->
                Stream.of("action", "terminated", "truncated")
                        .allMatch(name -> Objects.equals(deed(a, name), deed(b, name)));
        };
    }

    private static @Nullable JsonNode deed(Memory memory, String name) {
        ObjectNode payload = memory.payload().tree();
        return memory.kind() == Kind.EXPERIENCE ? payload.path("experience").get(name) : payload.get(name);
    }

    /** The memory that the members become. */
    Memory merged(Instant now) {
        Memory centre = centre();
        Memory newest = members.stream()
                .max(Comparator.comparing(Memory::time).thenComparing(Memory::id))
                .orElse(centre);
        List<String> origins = origins();
        return new Memory(
                id(),
                centre.agent(),
                centre.kind(),
                newest.step(),
                newest.time(),
                centre.tier(),
                centre.payload(),
                centre.reduced(),
                tags(),
                reward(),
                false,
                members.stream()
                        .map(Memory::importance)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                members.stream().mapToDouble(Memory::surprise).max().orElse(0),
                members.stream().mapToLong(Memory::recalls).sum(),
                members.stream()
                        .map(Memory::lastRecalled)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                count(),
                origins,
                now,
                1,
                Long.MAX_VALUE);
    }

    /** Made of the members, so that a merge that is repeated after a crash makes the same memory. */
    private String id() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            members.stream()
                    .map(Memory::id)
                    .sorted()
                    .forEach(id -> digest.update((id + "\n").getBytes(StandardCharsets.UTF_8)));
            return "merged-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The members, which are removed after the merge, then what they themselves came from. */
    private List<String> origins() {
        Set<String> origins = new LinkedHashSet<>();
        members.forEach(member -> origins.add(member.id()));
        members.forEach(member -> member.derivedFrom().stream()
                .filter(id -> !MERGED_ID.matcher(id).matches())
                .forEach(origins::add));
        return List.copyOf(origins);
    }

    private JsonObject tags() {
        JsonObject own = centre().tags();
        ObjectNode all = own.tree().deepCopy();
        for (Memory member : members) {
            member.tags().tree().properties().forEach(tag -> all.putIfAbsent(tag.getKey(), tag.getValue()));
        }
        return all.size() == own.tree().size() ? own : JsonObject.of(all);
    }

    private @Nullable Double reward() {
        double sum = 0;
        double weights = 0;
        for (Memory member : members) {
            Double reward = member.reward();
            if (reward != null) {
                sum += reward * member.count();
                weights += member.count();
            }
        }
        return weights == 0 ? null : (Double) (sum / weights);
    }
}
