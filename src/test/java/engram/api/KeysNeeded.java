package engram.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A service of its own that lets nobody in without a key. */
public final class KeysNeeded implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("engram.access.required", "true", "engram.encoder.train-after", "0");
    }
}
