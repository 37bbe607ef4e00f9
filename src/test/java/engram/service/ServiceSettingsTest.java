package engram.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.memory.embedded.EmbeddedSettings;
import engram.memory.space.SpaceSettings;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceSettingsTest {
    @Test
    void defaultsAreThoseOfTheParts() {
        ServiceSettings settings = settings(Map.of());
        assertThat(SpaceDefaults.of(settings)).isEqualTo(SpaceSettings.defaults());
        assertThat(EmbeddedStoreSettings.of(settings)).isEqualTo(EmbeddedSettings.defaults());
    }

    @Test
    void everySettingOfASpaceHasADefault() {
        ServiceSettings settings = settings(Map.of(
                "engram.encoder.train-after", "7",
                "engram.encoder.training.epochs", "3",
                "engram.tiers.stm.capacity", "5",
                "engram.tiers.ltm.capacity", "50"));
        SpaceSettings defaults = SpaceDefaults.of(settings);
        assertThat(defaults.encoder().trainAfter()).isEqualTo(7);
        assertThat(defaults.encoder().training().epochs()).isEqualTo(3);
        assertThat(defaults.tiers().stm().capacity()).isEqualTo(5);
        assertThat(defaults.tiers().ltm().capacity()).isEqualTo(50);
    }

    @Test
    void everySettingIsDocumentedWithItsDefault() throws IOException {
        String document = Files.readString(Path.of("docs/configuration.md"));
        var properties =
                ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(ServiceSettings.class, "engram"));
        assertThat(properties).hasSizeGreaterThan(40).allSatisfy((name, property) -> {
            String value = property.hasDefaultValue() ? "`" + property.getDefaultValue() + "`" : "–";
            assertThat(document).contains("| `" + name + "` | " + value + " |");
        });
    }

    @Test
    void refusesAMisspeltSetting() {
        assertThatThrownBy(() -> settings(Map.of("engram.limits.bodysize", "1M")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("engram.limits.bodysize");
    }

    private static ServiceSettings settings(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(ServiceSettings.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(ServiceSettings.class);
    }
}
