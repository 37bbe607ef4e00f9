package engram.memory.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The arguments of a script or command, in order. Not safe for use by several threads. */
final class Arguments {
    private final List<byte[]> values = new ArrayList<>();

    Arguments add(byte[] value) {
        values.add(value);
        return this;
    }

    Arguments add(String value) {
        return add(value.getBytes(StandardCharsets.UTF_8));
    }

    Arguments add(long value) {
        return add(Long.toString(value));
    }

    Arguments addAll(Arguments others) {
        values.addAll(others.values);
        return this;
    }

    List<byte[]> values() {
        return values;
    }
}
