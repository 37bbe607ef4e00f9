package engram.service;

import engram.error.InvalidInput;
import java.util.Set;

/** Where the service may listen. */
final class Exposure {
    private static final Set<String> LOOPBACK = Set.of("localhost", "::1", "[::1]", "0:0:0:0:0:0:0:1");

    private Exposure() {}

    /**
     * Refuses an address that others than this machine reach, unless that was allowed.
     *
     * @throws InvalidInput with what to do
     */
    static void check(String host, boolean allowUnauthenticated) {
        String address = host.strip().toLowerCase(java.util.Locale.ROOT);
        boolean loopback = LOOPBACK.contains(address) || address.matches("127(\\.[0-9]{1,3}){3}");
        if (!loopback && !allowUnauthenticated) {
            throw new InvalidInput(
                    "quarkus.http.host",
                    "'" + host
                            + "' is reachable from other machines, and this version has no API keys: anyone there could"
                            + " read and delete every memory. Listen on 127.0.0.1, or set"
                            + " engram.access.allow-unauthenticated=true where something else keeps strangers out");
        }
    }
}
