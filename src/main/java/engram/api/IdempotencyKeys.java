package engram.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.error.InvalidInput;
import engram.memory.IdempotencyKey;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the header that makes a repeated write happen once. */
@Singleton
class IdempotencyKeys {
    static final String HEADER = "Idempotency-Key";
    private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");

    private final ObjectMapper mapper;

    IdempotencyKeys(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * The key with a fingerprint of the request.
     *
     * @param header what the client sent, null where it sent none
     * @param operation what the client asks for
     * @param body what it sent
     */
    Optional<IdempotencyKey> of(@Nullable String header, String operation, Object body) {
        if (header == null) {
            return Optional.empty();
        }
        if (!KEY.matcher(header).matches()) {
            throw new InvalidInput(HEADER, "has 1 to 128 visible ASCII characters");
        }
        try {
            byte[] digest = Digests.sha256(mapper.writeValueAsBytes(body));
            return Optional.of(
                    new IdempotencyKey(header, operation + " " + HexFormat.of().formatHex(digest)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a body that was read can be written", e);
        }
    }
}
