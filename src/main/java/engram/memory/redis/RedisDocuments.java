package engram.memory.redis;

import engram.error.InvalidInput;
import engram.error.PreconditionFailed;
import engram.error.TooLarge;
import engram.memory.Documents;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Documents as hashes beside a sorted set of their names, all in one slot. */
final class RedisDocuments implements Documents {
    /** No space has a slash in its name. */
    private static final String PREFIX = "engram:{/documents}:";

    private static final Pattern NAME = Pattern.compile("[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*");

    private final Commands commands;

    RedisDocuments(Commands commands) {
        this.commands = commands;
    }

    static String checked(String name) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new InvalidInput("name", "'" + name + "' cannot be the name of a document");
        }
        return name;
    }

    @Override
    public Optional<Document> get(String name) {
        Response values = commands.ask("HMGET", PREFIX + "document:" + checked(name), "content", "revision");
        @Nullable Response content = values.get(0);
        return content == null
                ? Optional.empty()
                : Optional.of(new Document(content.toBytes(), values.get(1).toLong()));
    }

    @Override
    public List<String> names(String prefix) {
        byte[] from = prefix.getBytes(StandardCharsets.UTF_8);
        List<String> names = new ArrayList<>();
        for (Response name : commands.ask(
                "ZRANGEBYLEX",
                PREFIX + "names",
                between('[', from, -1),
                prefix.isEmpty() ? "+" : between('(', from, 0xff))) {
            names.add(name.toString());
        }
        return names;
    }

    /** A bound of names in the order of their bytes; names are ASCII, so a byte beyond follows all that begin alike. */
    private static byte[] between(char inclusion, byte[] prefix, int beyond) {
        if (prefix.length == 0) {
            return new byte[] {'-'};
        }
        byte[] bound = new byte[prefix.length + (beyond < 0 ? 1 : 2)];
        bound[0] = (byte) inclusion;
        System.arraycopy(prefix, 0, bound, 1, prefix.length);
        if (beyond >= 0) {
            bound[bound.length - 1] = (byte) beyond;
        }
        return bound;
    }

    @Override
    public long put(String name, byte[] content, OptionalLong expectedRevision) {
        if (content.length > LARGEST) {
            throw new TooLarge("content", "has " + content.length + " bytes; a document has at most " + LARGEST);
        }
        String expected = expectedRevision.isPresent() ? Long.toString(expectedRevision.getAsLong()) : "";
        Arguments arguments = new Arguments()
                .add(PREFIX)
                .add("write")
                .add(checked(name))
                .add(expected)
                .add(content);
        try {
            return Commands.required(commands.run(Script.DOCUMENT, PREFIX + "names", arguments))
                    .toLong();
        } catch (Refused e) {
            throw new PreconditionFailed(
                    "document '" + name + "' has revision " + e.getMessage() + ", not " + expected);
        }
    }

    @Override
    public boolean delete(String name) {
        Arguments arguments = new Arguments().add(PREFIX).add("remove").add(checked(name));
        return Commands.required(commands.run(Script.DOCUMENT, PREFIX + "names", arguments))
                        .toInteger()
                == 1;
    }
}
