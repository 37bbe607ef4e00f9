package engram.environment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.error.InvalidInput;
import java.util.Map;

/** The values of an {@link Info} as a JSON object. */
final class InfoJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private InfoJson() {}

    /** Empty text for no values, or for values that JSON does not have. */
    static String write(Info info) {
        if (info.values().isEmpty()) {
            return "";
        }
        try {
            return MAPPER.writeValueAsString(info.values());
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** @throws InvalidInput naming {@code frame} if it is neither empty nor a JSON object */
    static Map<String, Object> read(String json) {
        if (json.isEmpty()) {
            return Map.of();
        }
        try {
            Map<String, Object> values = MAPPER.readValue(json, new TypeReference<>() {});
            if (values != null) {
                return values;
            }
        } catch (JsonProcessingException e) {
            throw new InvalidInput("frame", "holds an info that is no JSON object: " + e.getOriginalMessage());
        }
        throw new InvalidInput("frame", "holds an info that is null");
    }
}
