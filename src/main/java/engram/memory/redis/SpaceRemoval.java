package engram.memory.redis;

import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Removes a space: first it is gone for everybody in one step, then what it held is taken away. A removal that breaks off
 * is finished when the name is wanted again, or when a service starts.
 */
final class SpaceRemoval {
    private static final System.Logger LOG = System.getLogger(SpaceRemoval.class.getName());
    private static final int AT_ONCE = 500;

    private final String space;
    private final Keys keys;
    private final Commands commands;

    SpaceRemoval(String space, Commands commands) {
        this.space = space;
        this.keys = new Keys(space);
        this.commands = commands;
    }

    /** Removes it; false if there was none. */
    boolean run() {
        if (commands.ask("EXISTS", keys.about()).toInteger() == 0) {
            return false;
        }
        commands.ask("SADD", Keys.REMOVALS, space);
        try {
            commands.ask("RENAME", keys.about(), keys.removed());
        } catch (IllegalStateException e) {
            // Another replica was faster.
            finish();
            return false;
        }
        finish();
        return true;
    }

    /** Takes away what is left of a removed space. */
    void finish() {
        if (commands.ask("EXISTS", keys.removed()).toInteger() == 1) {
            dropIndexes();
            removeMemories();
            Map<String, String> counts = RedisSpace.strings(commands.ask("HGETALL", keys.counts()));
            counts.keySet().forEach(group -> unlink(keys.agent(group.split(":", 3)[2])));
            unlink(
                    keys.order(),
                    keys.counts(),
                    keys.changes(),
                    keys.recalls(),
                    keys.recalled(),
                    keys.numbers(),
                    keys.settings());
            unlink(keys.removed());
        }
        commands.ask("SREM", Keys.REMOVALS, space);
        if (commands.ask("EXISTS", keys.about()).toInteger() == 0) {
            commands.ask("SREM", Keys.SPACES, space);
        }
    }

    private void dropIndexes() {
        List<String> names = StreamSupport.stream(commands.ask("FT._LIST").spliterator(), false)
                .map(name -> name.toString())
                .filter(name -> name.startsWith(keys.prefix()))
                .toList();
        for (String name : names) {
            try {
                commands.ask("FT.DROPINDEX", name);
            } catch (Refused e) {
                LOG.log(Level.DEBUG, "{0} was dropped by somebody else", name);
            }
        }
    }

    private void removeMemories() {
        while (true) {
            Response ids = commands.ask("ZRANGE", keys.order(), 0, AT_ONCE - 1);
            if (ids.size() == 0) {
                return;
            }
            Request memories = Commands.request("UNLINK");
            Request places = Commands.request("ZREM", keys.order());
            for (Response id : ids) {
                memories.arg(keys.memory(id.toString()));
                places.arg(id.toBytes());
            }
            commands.send(List.of(memories, places));
        }
    }

    private void unlink(String... names) {
        commands.ask("UNLINK", (Object[]) names);
    }
}
