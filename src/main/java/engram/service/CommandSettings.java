package engram.service;

import engram.error.InvalidInput;
import engram.error.Suggestion;
import engram.service.command.Installation;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads the settings for commands, from the same places as the service and by the same rules, without starting it. */
final class CommandSettings {
    /** Above system properties, which have 400. */
    private static final int COMMAND_LINE = 500;

    private static final Pattern CODE = Pattern.compile("(java[.\\w]+: )?SRCFG[0-9]+: ");
    private static final Pattern UNKNOWN = Pattern.compile("SRCFG[0-9]+: (\\S+) in .* does not map to any root");

    private CommandSettings() {}

    /**
     * Reads the settings.
     *
     * @param ofCommandLine settings that win over all others
     * @throws InvalidInput if one is unknown or unsuitable
     */
    static Installation read(Map<String, String> ofCommandLine) {
        try {
            SmallRyeConfig config = ConfigUtils.configBuilder()
                    .addPropertiesSources()
                    .withSources(new PropertiesConfigSource(ofCommandLine, "command line", COMMAND_LINE))
                    .withMapping(ServiceSettings.class)
                    .build();
            return installation(config.getConfigMapping(ServiceSettings.class), config);
        } catch (ConfigValidationException e) {
            throw new InvalidInput(
                    "settings",
                    IntStream.range(0, e.getProblemCount())
                            .mapToObj(i -> plain(e.getProblem(i).getMessage()))
                            .collect(Collectors.joining("; ")));
        } catch (IllegalArgumentException | NoSuchElementException e) {
            throw new InvalidInput("settings", plain(String.valueOf(e.getMessage())));
        }
    }

    /** A message of the library in the words of a person who does not know it. */
    private static String plain(String message) {
        Matcher unknown = UNKNOWN.matcher(message);
        if (!unknown.matches()) {
            return CODE.matcher(message).replaceAll("");
        }
        String suggestion = Suggestion.forName(unknown.group(1), Known.NAMES);
        return "there is no '" + unknown.group(1) + "'" + (suggestion.contains("did you mean") ? suggestion : "");
    }

    private static Installation installation(ServiceSettings settings, SmallRyeConfig config) {
        StoreChoice.requireKnown(settings.store());
        return new Installation(
                settings.dataDir().toAbsolutePath(),
                settings.store().equals("redis"),
                EmbeddedStoreSettings.of(settings),
                SpaceDefaults.of(settings),
                (int) Math.min(Integer.MAX_VALUE, settings.limits().bodySize().asLongValue()),
                config.getOptionalValue("quarkus.http.host", String.class)
                        .flatMap(host -> config.getOptionalValue("quarkus.http.port", Integer.class)
                                .flatMap(port -> ServiceAddress.of(host, port))),
                Optional.ofNullable(System.getenv("ENGRAM_API_KEY")).filter(key -> !key.isBlank()));
    }

    /** Found by reflection, which a native binary has only while it is built. */
    private static final class Known {
        static final Set<String> NAMES = Set.copyOf(
                ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(ServiceSettings.class, "engram"))
                        .keySet());
    }
}
