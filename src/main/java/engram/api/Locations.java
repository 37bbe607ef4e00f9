package engram.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The paths of things, for the Location header. */
final class Locations {
    private Locations() {}

    static String memory(String space, String id) {
        return "/v1/spaces/" + space + "/memories/" + segment(id);
    }

    static String run(String id) {
        return "/v1/runs/" + segment(id);
    }

    private static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
