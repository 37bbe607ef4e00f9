package engram.service;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where a service on this machine can be reached. */
final class ServiceAddress {
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0");

    private ServiceAddress() {}

    /**
     * The address of a service that listens on a host and port.
     *
     * @param host as it is set; one that stands for every address is reached on the loopback
     * @param port empty where it is 0, which stands for any
     */
    static Optional<String> of(String host, int port) {
        if (port <= 0) {
            return Optional.empty();
        }
        String name = host.strip().toLowerCase(Locale.ROOT);
        String reached = EVERYWHERE.contains(name) ? "127.0.0.1" : name;
        boolean bare = reached.contains(":") && !reached.startsWith("[");
        return Optional.of("http://" + (bare ? "[" + reached + "]" : reached) + ":" + port);
    }
}
