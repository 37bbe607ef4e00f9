package engram.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.equalTo;

import engram.environment.RemoteEnvironment;
import engram.service.access.Keys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KeysNeeded.class)
class EnvironmentAccessTest {
    private static final String INSTANCES = "/v1/environments/CartPole-v1/instances";
    private static final String SESSION = "/v1/environments/CartPole-v1/session";

    private final Keys keys;

    @Inject
    EnvironmentAccessTest(Keys keys) {
        this.keys = keys;
    }

    @Test
    void anInstanceBelongsToTheKeyThatMadeIt() {
        Holder ada = Holder.of(keys, "arena:read");
        Holder bob = Holder.of(keys, "arena:read");
        Holder admin = Holder.of(keys, "*:admin");
        ada.get("/v1/environments").statusCode(200);
        String instance = ada.post(INSTANCES, "{}").statusCode(201).extract().header("Location");
        ada.post(instance + "/reset", "{}").statusCode(200);
        bob.post(instance + "/reset", "{}").statusCode(404);
        bob.delete(instance).statusCode(404);
        Api.post(INSTANCES, "{}").statusCode(401);
        admin.delete(instance).statusCode(204);
    }

    @Test
    void socketsNeedAKey() {
        assertThat(catchThrowableOfType(FrameSocket.Refused.class, () -> FrameSocket.open(SESSION, Map.of()))
                        .status())
                .isEqualTo(401);
        assertThat(catchThrowableOfType(
                                FrameSocket.Refused.class,
                                () -> FrameSocket.open("/v1/environments/Mine/offer", Map.of("X-API-Key", "wrong")))
                        .status())
                .isEqualTo(401);
        Holder ada = Holder.of(keys, "arena:read");
        FrameSocket socket = FrameSocket.open(SESSION, Map.of("Authorization", "Bearer " + ada.secret()));
        try (RemoteEnvironment environment = new RemoteEnvironment(socket, Duration.ofSeconds(20), false)) {
            assertThat(environment.reset(1L).observation()).hasSize(4);
        }
        // One whose key is revoked ends.
        FrameSocket other = FrameSocket.open(SESSION, Map.of("X-API-Key", ada.secret()));
        keys.revoke(ada.id());
        assertThat(other.reason()).isEqualTo("1008 the key is not valid any more");
        Holder.of(keys, "arena:read").get("/v1/environments/CartPole-v1").body("timeLimit", equalTo(500));
    }
}
