package engram.memory.transfer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.error.InvalidInput;
import engram.error.Unavailable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.time.Duration;

/** The formats that memories are read from. */
enum TransferFormat {
    /** Engram's own: a line of JSON for a header, one for each memory and one for the checksum. */
    ENGRAM,
    /** One JSON document of the AgentMemory library. */
    AGENT_MEMORY;

    static final String NAME = "engram-memories";
    static final int VERSION = 1;
    private static final int DEEPEST = 200;
    private static final int PREFIX = 4_096;

    /** Reads the first name of a JSON object and leaves the stream where it was. */
    static TransferFormat detect(BufferedInputStream in) throws IOException {
        in.mark(PREFIX);
        byte[] prefix = in.readNBytes(PREFIX);
        in.reset();
        try (JsonParser parser = mapper(PREFIX).createParser(prefix)) {
            if (parser.nextToken() == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.FIELD_NAME) {
                return switch (parser.currentName()) {
                    case "format" -> ENGRAM;
                    case "config", "agents" -> AGENT_MEMORY;
                    default -> throw unknown();
                };
            }
        } catch (JsonProcessingException e) {
            throw unknown();
        }
        throw unknown();
    }

    /** A mapper that names a field only once and reads strings of this length at most. */
    static ObjectMapper mapper(int longest) {
        return new ObjectMapper(JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(longest)
                        .build())
                .build());
    }

    static Unavailable broken(IOException cause) {
        return new Unavailable("the stream of memories broke off", Duration.ofSeconds(1), cause);
    }

    private static InvalidInput unknown() {
        return new InvalidInput(
                "",
                "is neither an export of Engram, whose first line begins with {\"format\":\"" + NAME
                        + "\", nor the JSON export of AgentMemory with its \"config\" and \"agents\"");
    }
}
