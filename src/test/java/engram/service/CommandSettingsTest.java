package engram.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import engram.memory.embedded.EmbeddedSettings;
import engram.memory.space.SpaceSettings;
import engram.service.command.Installation;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandSettingsTest {
    @Test
    void areThoseOfTheServiceUnlessSet() {
        Installation installation = CommandSettings.read(Map.of());
        assertThat(installation.dataDirectory()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(installation.store()).isEqualTo(EmbeddedSettings.defaults());
        assertThat(installation.spaces()).isEqualTo(SpaceSettings.defaults());
        assertThat(installation.longestItem()).isEqualTo(16 << 20);
        assertThat(installation.address()).contains("http://127.0.0.1:8080");
    }

    @Test
    void thoseOfTheCommandLineWin() {
        System.setProperty("engram.data-dir", "property");
        try {
            assertThat(CommandSettings.read(Map.of()).dataDirectory()).endsWithRaw(Path.of("property"));
            Installation installation = CommandSettings.read(Map.of(
                    "engram.data-dir", "other",
                    "engram.index.connections", "24",
                    "engram.encoder.train-after", "7",
                    "quarkus.http.host", "0.0.0.0",
                    "quarkus.http.port", "9090"));
            assertThat(installation.dataDirectory()).endsWithRaw(Path.of("other"));
            assertThat(installation.store().index().connections()).isEqualTo(24);
            assertThat(installation.spaces().encoder().trainAfter()).isEqualTo(7);
            assertThat(installation.address()).contains("http://127.0.0.1:9090");
        } finally {
            System.clearProperty("engram.data-dir");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "engram.limits.bodysize, 1M, 'there is no ''engram.limits.bodysize''; did you mean ''engram.limits.body-size''?'",
        "engram.quite.something.else, 1, there is no 'engram.quite.something.else'",
        "engram.index.connections, many, got \"many\"",
        "engram.store, shelf, must be embedded or redis",
        "engram.encoder.activation, maybe, activation",
    })
    void areRefusedWithoutTheWordsOfALibrary(String name, String value, String message) {
        assertThatThrownBy(() -> CommandSettings.read(Map.of(name, value)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining(message)
                .hasMessageNotContainingAny("SRCFG", "java.lang", "known are");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 8080, http://127.0.0.1:8080",
        "0.0.0.0, 1, http://127.0.0.1:1",
        "::, 1, http://127.0.0.1:1",
        "::1, 1, http://[::1]:1",
        "[::1], 1, http://[::1]:1",
        "LOCALHOST, 80, http://localhost:80",
    })
    void knowsWhereAServiceIs(String host, int port, String address) {
        assertThat(ServiceAddress.of(host, port)).contains(address);
        assertThat(ServiceAddress.of(host, 0)).isEmpty();
    }
}
