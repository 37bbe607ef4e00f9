package engram.service;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]"})
    void allowsTheLoopback(String host) {
        assertThatCode(() -> Exposure.check(host, false, () -> false)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.7", "example.com", "127.0.0.1.example.com", ""})
    void refusesOthersUnlessAllowed(String host) {
        assertThatThrownBy(() -> Exposure.check(host, false, () -> false))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("./engram key create")
                .hasMessageContaining("engram.access.allow-unauthenticated");
        assertThatCode(() -> Exposure.check(host, true, () -> false)).doesNotThrowAnyException();
        assertThatCode(() -> Exposure.check(host, false, () -> true)).doesNotThrowAnyException();
    }
}
