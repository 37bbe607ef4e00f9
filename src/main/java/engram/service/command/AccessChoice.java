package engram.service.command;

import engram.error.EngramException;
import engram.error.Unavailable;
import engram.memory.embedded.EmbeddedMaintenance;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * How a command gets to the spaces: through the service at the address that it was given, by opening the data directory,
 * or, where a service has that, through this service. A service found by itself is used only if it says that it is the
 * one that has the directory, so that nothing goes into another memory by mistake.
 */
final class AccessChoice {
    static final Syntax.Option URL =
            new Syntax.Option("--url", "ADDRESS", "let the service there do it, such as http://127.0.0.1:8080");

    static final String KEY_VARIABLE = "ENGRAM_API_KEY";
    static final Syntax.Option KEY = new Syntax.Option(
            "--key", "KEY", "the access key for that service; better in " + KEY_VARIABLE + ", where nobody sees it");

    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private AccessChoice() {}

    /**
     * Opens the spaces.
     *
     * @param create whether a data directory that is not there is made
     * @throws WrongUsage if the address is none, or stands beside a data directory
     * @throws Unavailable if a process has the data directory and no service is found that does
     */
    static SpaceAccess open(Call call, boolean create) throws WrongUsage {
        return open(call, create, RemoteSpaces::new, () -> new LocalSpaces(call.installation()));
    }

    /**
     * Opens the access keys, in the same way.
     *
     * @throws engram.error.InvalidInput if they are in Redis and no service is named
     */
    static KeyAccess openKeys(Call call, boolean create) throws WrongUsage {
        return open(call, create, RemoteKeys::new, () -> new LocalKeys(call.installation()));
    }

    private static <T> T open(Call call, boolean create, Function<ServiceClient, T> remote, Supplier<T> local)
            throws WrongUsage {
        Optional<String> address = call.arguments().option(URL.name());
        if (address.isPresent()) {
            if (call.arguments().has(Syntax.Option.DATA_DIRECTORY.name())) {
                throw new WrongUsage("of " + URL.name() + " and " + Syntax.Option.DATA_DIRECTORY.name()
                        + " only one can be given: a service has its own data directory");
            }
            URI service = parsed(address.get())
                    .orElseThrow(() -> new WrongUsage("the option " + URL.name()
                            + " is an address such as http://127.0.0.1:8080, not '" + address.get() + "'"));
            return remote.apply(new ServiceClient(service, key(call)));
        }
        Path directory = call.installation().dataDirectory();
        if (!create && !call.installation().shared()) {
            EmbeddedMaintenance.requireDataDirectory(directory);
        }
        return EmbeddedMaintenance.isInUse(directory) ? remote.apply(ofHolder(call, directory)) : local.get();
    }

    /** The key to show: that of the command line, or else that of the environment. */
    private static Optional<String> key(Call call) throws WrongUsage {
        Optional<String> key = call.arguments().option(KEY.name()).or(call.installation()::key);
        if (key.isPresent() && !VISIBLE.matcher(key.get()).matches()) {
            throw new WrongUsage("the access key in " + KEY.name() + " or " + KEY_VARIABLE + " is none");
        }
        return key;
    }

    private static ServiceClient ofHolder(Call call, Path directory) throws WrongUsage {
        Optional<EmbeddedMaintenance.Holder> holder = EmbeddedMaintenance.holder(directory);
        Set<String> addresses = new LinkedHashSet<>();
        holder.flatMap(EmbeddedMaintenance.Holder::address).ifPresent(addresses::add);
        call.installation().address().ifPresent(addresses::add);
        List<String> tried = new ArrayList<>();
        for (String address : addresses) {
            Optional<URI> service = parsed(address);
            if (holder.isPresent() && service.isPresent()) {
                ServiceClient client = new ServiceClient(service.get(), key(call));
                if (isOf(client, holder.get())) {
                    call.console().say("the data directory is in use; the service at " + address + " does it");
                    return client;
                }
                client.close();
                tried.add(address);
            }
        }
        String found = tried.isEmpty() ? "" : "; the service that has it is not at " + String.join(" or ", tried);
        throw new Unavailable(
                EmbeddedMaintenance.inUse(directory).getMessage() + found
                        + ". If it is a service, name its address with " + URL.shown(),
                RETRY_AFTER);
    }

    private static boolean isOf(ServiceClient client, EmbeddedMaintenance.Holder holder) {
        try {
            return client.instance().equals(holder.instance());
        } catch (EngramException e) {
            return false;
        }
    }

    private static Optional<URI> parsed(String address) {
        try {
            URI uri = new URI(address);
            boolean usable = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
            return usable ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
