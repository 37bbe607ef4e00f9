package engram.service;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** The settings that the service runs with, written to the log at start; whatever could be a secret is left out. */
final class EffectiveSettings {
    private static final Logger LOG = Logger.getLogger(EffectiveSettings.class);
    private static final Pattern SECRET = Pattern.compile("password|secret|token|key|credential");

    private EffectiveSettings() {}

    static void log() {
        LOG.infof("settings %s", of(ConfigProvider.getConfig()));
    }

    /** The settings under {@code engram} and the address, sorted. */
    static SortedMap<String, String> of(Config config) {
        SortedMap<String, String> effective = new TreeMap<>();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith("engram.")
                        || name.equals("quarkus.http.host")
                        || name.equals("quarkus.http.port"))
                .forEach(name -> effective.put(
                        name,
                        SECRET.matcher(name).find()
                                ? "***"
                                : String.valueOf(config.getConfigValue(name).getValue())));
        return effective;
    }
}
