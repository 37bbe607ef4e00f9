package engram.memory.redis;

import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Settings of Redis that put memories or answers at risk. What Redis does not tell (it may refuse CONFIG) is not judged. */
final class ServerSettings {
    private ServerSettings() {}

    static List<String> problems(Commands commands) {
        List<String> problems = new ArrayList<>();
        if (value(commands, "CONFIG", "GET", "appendonly").equals("no")) {
            problems.add("Redis keeps no append-only file: what is acknowledged is lost when it ends (appendonly)");
        }
        String policy = value(commands, "CONFIG", "GET", "maxmemory-policy");
        if (!policy.isEmpty() && !policy.equals("noeviction")) {
            problems.add("Redis may forget memories when it is full: maxmemory-policy is " + policy);
        }
        if (value(commands, "FT.CONFIG", "GET", "ON_TIMEOUT").equals("return")) {
            problems.add(
                    "Redis answers a search that takes too long with a part of what there is: ON_TIMEOUT is return");
        }
        return problems;
    }

    private static String value(Commands commands, String... words) {
        try {
            Response answer = commands.ask(words[0], words[1], words[2]);
            while (answer.size() == 1) {
                answer = answer.get(0);
            }
            return answer.size() < 2 ? "" : answer.get(1).toString().toLowerCase(Locale.ROOT);
        } catch (IllegalStateException e) {
            return "";
        }
    }
}
