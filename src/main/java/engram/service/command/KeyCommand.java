package engram.service.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.Suggestion;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes, lists and revokes access keys. */
final class KeyCommand implements Command {
    private static final String ACTION = "create|list|revoke";
    private static final String ID = "ID";
    private static final String NAME = "--name";
    private static final String GRANT = "--grant";
    private static final String AGENTS = "--agents";
    private static final String EXPIRES = "--expires";
    private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,5})([mhdw])");

    @Override
    public String name() {
        return "key";
    }

    @Override
    public String summary() {
        return "make, list or revoke access keys";
    }

    @Override
    public String details() {
        return """
                'create' prints the key on the standard output, and nothing else there: it is kept nowhere and cannot be
                printed again. The first key is an administrator's: --grant '*:admin'. Beside a running service the service
                does it, and wants an administrator's key once there is one. docs/access.md says what grants are.
                """;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                List.of(
                        Syntax.Operand.required(ACTION, "what to do"),
                        Syntax.Operand.optional(ID, "the key to revoke; its id, which 'list' prints")),
                new Syntax.Option(NAME, "NAME", "what people call the key"),
                Syntax.Option.repeatable(
                        GRANT, "SPACE:RIGHTS", "what it may do, such as 'arena:read,write' or '*:admin'; once or more"),
                new Syntax.Option(AGENTS, "A,B", "with whose memories only; goes for every grant but admin's"),
                new Syntax.Option(EXPIRES, "WHEN", "in 30d (m, h, d, w), or at 2027-01-01T00:00:00Z; never if absent"),
                AccessChoice.URL,
                AccessChoice.KEY,
                Syntax.Option.DATA_DIRECTORY);
    }

    @Override
    public boolean run(Call call) throws WrongUsage {
        Arguments arguments = call.arguments();
        String action = arguments.required(ACTION);
        List<String> actions = List.of("create", "list", "revoke");
        if (!actions.contains(action)) {
            throw new WrongUsage("there is no '" + action + "'" + Suggestion.forName(action, actions));
        }
        requireFitting(arguments, action);
        Optional<ObjectNode> wanted = action.equals("create") ? Optional.of(wanted(arguments)) : Optional.empty();
        try (KeyAccess keys = AccessChoice.openKeys(call, action.equals("create"))) {
            switch (action) {
                case "create" -> created(call, keys.create(wanted.orElseThrow()));
                case "list" -> listed(call, keys.list());
                default -> {
                    String id = arguments.operand(ID).orElseThrow();
                    keys.revoke(id);
                    call.report(JsonNodeFactory.instance.objectNode().put("revoked", id), "revoked " + id);
                }
            }
        }
        return true;
    }

    private static void requireFitting(Arguments arguments, String action) throws WrongUsage {
        if (arguments.operand(ID).isPresent() != action.equals("revoke")) {
            throw new WrongUsage(action.equals("revoke") ? ID + " is missing" : "'" + action + "' takes no " + ID);
        }
        for (String option : List.of(NAME, GRANT, AGENTS, EXPIRES)) {
            if (arguments.has(option) && !action.equals("create")) {
                throw new WrongUsage("'" + action + "' takes no " + option);
            }
        }
    }

    private static ObjectNode wanted(Arguments arguments) throws WrongUsage {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put(
                "name", arguments.option(NAME).orElseThrow(() -> new WrongUsage("the option " + NAME + " is missing")));
        List<String> given = arguments.all(GRANT);
        if (given.isEmpty()) {
            throw new WrongUsage("the option " + GRANT + " is missing: what may the key do?");
        }
        ArrayNode grants = wanted.putArray("grants");
        for (String text : given) {
            int colon = text.indexOf(':');
            if (colon <= 0 || colon == text.length() - 1) {
                throw new WrongUsage(
                        "the option " + GRANT + " is a space and rights, such as arena:read,write, not '" + text + "'");
            }
            ObjectNode grant = grants.addObject().put("space", text.substring(0, colon));
            List<String> rights = parts(text.substring(colon + 1));
            rights.forEach(grant.putArray("rights")::add);
            Optional<String> agents = arguments.option(AGENTS);
            if (agents.isPresent() && !rights.contains("admin")) {
                parts(agents.get()).forEach(grant.putArray("agents")::add);
            }
        }
        Optional<String> expires = arguments.option(EXPIRES);
        if (expires.isPresent()) {
            wanted.put(
                    "expires", time(expires.get(), Clock.systemUTC().instant()).toString());
        }
        return wanted;
    }

    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            parts.add(part.strip());
        }
        return parts;
    }

    /** When a key expires that is to hold for a time such as {@code 30d}, or until a certain one. */
    static Instant time(String text, Instant now) throws WrongUsage {
        Matcher span = SPAN.matcher(text.toLowerCase(Locale.ROOT));
        if (span.matches()) {
            int number = Integer.parseInt(span.group(1));
            Duration length =
                    switch (span.group(2)) {
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        case "d" -> Duration.ofDays(number);
                        default -> Duration.ofDays(7L * number);
                    };
            return now.plus(length).truncatedTo(ChronoUnit.SECONDS);
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new WrongUsage("the option " + EXPIRES
                    + " is a span such as 30d or a time such as 2027-01-01T00:00:00Z, not '" + text + "'");
        }
    }

    private static void created(Call call, ObjectNode created) {
        call.console().say("made " + line(created.path("key")) + "; the key follows, and is not shown again");
        call.report(created, created.path("secret").asText());
    }

    private static void listed(Call call, List<ObjectNode> keys) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        keys.forEach(json.putArray("keys")::add);
        String text = keys.isEmpty()
                ? "there are no keys: whoever reaches the service may do everything"
                : keys.stream().map(KeyCommand::line).collect(Collectors.joining(System.lineSeparator()));
        call.report(json, text);
    }

    private static String line(JsonNode key) {
        StringBuilder line = new StringBuilder(key.path("id").asText())
                .append("  ")
                .append(key.path("name").asText());
        for (String list : List.of("grants", "shares")) {
            for (JsonNode grant : key.path(list)) {
                line.append("  ")
                        .append(grant.path("space").asText())
                        .append(':')
                        .append(joined(grant.path("rights")));
                if (!grant.path("agents").isEmpty()) {
                    line.append(" of ").append(joined(grant.path("agents")));
                }
                if (grant.path("sharedBy").isTextual()) {
                    line.append(" from ").append(grant.path("sharedBy").asText());
                }
            }
        }
        for (String time : List.of("expires", "revoked", "lastUsed")) {
            if (key.path(time).isTextual()) {
                String label = time.equals("lastUsed") ? "last used" : time;
                line.append("  ")
                        .append(label)
                        .append(' ')
                        .append(key.path(time).asText());
            }
        }
        return line.toString();
    }

    private static String joined(JsonNode texts) {
        List<String> parts = new ArrayList<>();
        texts.forEach(text -> parts.add(text.asText()));
        return String.join(",", parts);
    }
}
