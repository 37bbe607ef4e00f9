package engram.memory.deferred;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.error.EngramException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The memories of a space that were acknowledged and then refused by the store: one JSON object a line, with the memory
 * in the form in which it can be sent again. A person reads the file and removes it. One thread writes.
 */
final class DeadLetters {
    static final String FILE = "refused.ndjson";

    private final Path file;
    private long countedSize = -1;
    private long counted;

    DeadLetters(Path directory) {
        this.file = directory.resolve(FILE);
    }

    /** Keeps memories, durably. */
    void add(List<Letter> letters) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Letter letter : letters) {
            lines.write(DeferredWriteCodec.MAPPER.writeValueAsBytes(letter.json()));
            lines.write('\n');
        }
        SpoolFiles.append(file, lines.toByteArray());
    }

    /** How many memories are in the file now. */
    synchronized long count() {
        try {
            long size = Files.size(file);
            if (size != countedSize) {
                try (var lines = Files.lines(file)) {
                    counted = lines.count();
                }
                countedSize = size;
            }
            return counted;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            return counted;
        }
    }

    /**
     * A memory that was refused.
     *
     * @param refused when
     * @param write the request it came with
     * @param item the memory
     * @param problem why
     */
    record Letter(Instant refused, DeferredWrite write, DeferredWrite.Item item, RuntimeException problem) {
        ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("refused", refused.toString());
            json.put("accepted", write.accepted().toString());
            json.put("problem", problem.getClass().getSimpleName());
            json.put(
                    "detail",
                    problem instanceof EngramException && problem.getMessage() != null
                            ? problem.getMessage()
                            : problem.toString());
            if (write.keyOfClient()) {
                json.put("idempotencyKey", write.key().value());
            }
            json.set("memory", DeferredWriteCodec.request(item.memory()));
            return json;
        }
    }
}
