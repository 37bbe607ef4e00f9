package engram.memory.transfer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the JSON export of the AgentMemory library: {@code {"config": …, "agents": {name: {"memories": [item, …]}}}}.
 * Its vectors come from another encoder and are not used.
 */
final class AgentMemoryReader implements MemoryReader {
    private final InputStream in;
    private final JsonParser parser;
    private final int longestItem;
    private String agent = "";
    private boolean inAgents;
    private boolean inMemories;
    private boolean finished;
    private long index;
    private long foreignVectors;

    AgentMemoryReader(InputStream in, int longestItem) throws IOException {
        this.in = in;
        this.longestItem = longestItem;
        ObjectMapper mapper = TransferFormat.mapper(longestItem);
        this.parser = mapper.createParser(in);
        parser.nextToken();
    }

    @Override
    public Header header() {
        return Header.EMPTY;
    }

    @Override
    public Optional<Item> next() {
        if (finished) {
            return Optional.empty();
        }
        try {
            if (inMemories || findMemories()) {
                JsonToken token = parser.nextToken();
                if (token != JsonToken.END_ARRAY) {
                    return Optional.of(item());
                }
                inMemories = false;
                return next();
            }
            finished = true;
            return Optional.empty();
        } catch (JsonProcessingException e) {
            // What follows a syntax error cannot be told apart.
            finished = true;
            String where =
                    e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            return Optional.of(bad("", "is no JSON" + where + ": " + e.getOriginalMessage() + "; reading ended here"));
        } catch (IOException e) {
            throw TransferFormat.broken(e);
        }
    }

    /** Goes to the first item of the next agent's memories; false if there is none. */
    private boolean findMemories() throws IOException {
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return false;
            }
            int depth = depth();
            if (token == JsonToken.END_OBJECT) {
                inAgents &= depth > 1;
            } else if (token == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (enters(depth, name, value)) {
                    if (inMemories) {
                        return true;
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    /** Whether the value of a name is on the way to the memories. */
    private boolean enters(int depth, String name, JsonToken value) {
        if (depth == 1 && name.equals("agents") && value == JsonToken.START_OBJECT) {
            inAgents = true;
            return true;
        }
        if (depth == 2 && inAgents && value == JsonToken.START_OBJECT) {
            agent = name;
            return true;
        }
        if (depth == 3 && inAgents && name.equals("memories") && value == JsonToken.START_ARRAY) {
            inMemories = true;
            return true;
        }
        return false;
    }

    /** How many objects are open. */
    private int depth() {
        return parser.getParsingContext().getNestingDepth();
    }

    private Item item() throws IOException {
        long start = parser.currentTokenLocation().getByteOffset();
        JsonNode item = parser.readValueAsTree();
        if (parser.currentLocation().getByteOffset() - start > longestItem) {
            return bad("", "is longer than " + longestItem + " bytes");
        }
        try {
            TransferredMemory memory = AgentMemoryItem.read(item, agent);
            if (AgentMemoryItem.hasVectors(item)) {
                foreignVectors++;
            }
            return new Good(index++, memory);
        } catch (InvalidInput e) {
            FieldError problem = e.errors().getFirst();
            return bad(problem.field(), problem.message());
        }
    }

    private Bad bad(String field, String message) {
        return new Bad(index++, new FieldError(field, message));
    }

    @Override
    public Ending ending() {
        List<String> notes = new ArrayList<>();
        if (foreignVectors > 0) {
            notes.add("the vectors of " + foreignVectors
                    + " memories come from another encoder and were not used; the space's own encoder embeds them");
        }
        return new Ending(Checksum.NONE, notes);
    }

    @Override
    public void close() {
        try {
            parser.close();
            in.close();
        } catch (IOException e) {
            throw TransferFormat.broken(e);
        }
    }
}
