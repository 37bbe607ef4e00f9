package engram.service;

import engram.error.InvalidInput;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Where the service may listen. */
final class Exposure {
    private static final Set<String> LOOPBACK = Set.of("localhost", "::1", "[::1]", "0:0:0:0:0:0:0:1");

    private Exposure() {}

    /** Whether only this machine reaches an address. */
    static boolean isLoopback(String host) {
        String address = host.strip().toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(address) || address.matches("127(\\.[0-9]{1,3}){3}");
    }

    /**
     * Refuses an address that others than this machine reach while nobody needs a key, unless that was allowed.
     *
     * @param hasKeys whether there are keys; asked only where it matters
     * @throws InvalidInput with what to do
     */
    static void check(String host, boolean allowUnauthenticated, BooleanSupplier hasKeys) {
        if (!isLoopback(host) && !allowUnauthenticated && !hasKeys.getAsBoolean()) {
            throw new InvalidInput(
                    "quarkus.http.host",
                    "'" + host
                            + "' is reachable from other machines, and there is no access key: anyone there could read"
                            + " and delete every memory. Make one with ./engram key create --name admin --grant '*:admin',"
                            + " listen on 127.0.0.1, or set engram.access.allow-unauthenticated=true where something else"
                            + " keeps strangers out");
        }
    }
}
