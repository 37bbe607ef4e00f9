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

/**
 * How a command gets to the spaces: through the service at the address that it was given, by opening the data directory,
 * or, where a service has that, through this service. A service found by itself is used only if it says that it is the
 * one that has the directory, so that nothing goes into another memory by mistake.
 */
final class AccessChoice {
    static final Syntax.Option URL =
            new Syntax.Option("--url", "ADDRESS", "let the service there do it, such as http://127.0.0.1:8080");

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
        Optional<String> address = call.arguments().option(URL.name());
        if (address.isPresent()) {
            if (call.arguments().has(Syntax.Option.DATA_DIRECTORY.name())) {
                throw new WrongUsage("of " + URL.name() + " and " + Syntax.Option.DATA_DIRECTORY.name()
                        + " only one can be given: a service has its own data directory");
            }
            return new RemoteSpaces(parsed(address.get())
                    .orElseThrow(() -> new WrongUsage("the option " + URL.name()
                            + " is an address such as http://127.0.0.1:8080, not '" + address.get() + "'")));
        }
        Path directory = call.installation().dataDirectory();
        if (!create) {
            EmbeddedMaintenance.requireDataDirectory(directory);
        }
        return EmbeddedMaintenance.isInUse(directory)
                ? ofHolder(call, directory)
                : new LocalSpaces(call.installation());
    }

    private static SpaceAccess ofHolder(Call call, Path directory) {
        Optional<EmbeddedMaintenance.Holder> holder = EmbeddedMaintenance.holder(directory);
        Set<String> addresses = new LinkedHashSet<>();
        holder.flatMap(EmbeddedMaintenance.Holder::address).ifPresent(addresses::add);
        call.installation().address().ifPresent(addresses::add);
        List<String> tried = new ArrayList<>();
        for (String address : addresses) {
            Optional<URI> service = parsed(address);
            if (holder.isPresent() && service.isPresent()) {
                RemoteSpaces spaces = new RemoteSpaces(service.get());
                if (isOf(spaces, holder.get())) {
                    call.console().say("the data directory is in use; the service at " + address + " does it");
                    return spaces;
                }
                spaces.close();
                tried.add(address);
            }
        }
        String found = tried.isEmpty() ? "" : "; the service that has it is not at " + String.join(" or ", tried);
        throw new Unavailable(
                EmbeddedMaintenance.inUse(directory).getMessage() + found
                        + ". If it is a service, name its address with " + URL.shown(),
                RETRY_AFTER);
    }

    private static boolean isOf(RemoteSpaces spaces, EmbeddedMaintenance.Holder holder) {
        try {
            return spaces.instance().equals(holder.instance());
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
