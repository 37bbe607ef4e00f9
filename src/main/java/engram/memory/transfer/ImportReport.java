package engram.memory.transfer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What became of an import.
 *
 * @param read how many items the file had
 * @param imported how many are memories of the space now
 * @param duplicates how many were there already under the same id; they were left as they are
 * @param failed how many could not be read or stored
 * @param failures the first of those
 * @param checksum whether the file was whole
 * @param notes what a person should know
 */
public record ImportReport(
        long read,
        long imported,
        long duplicates,
        long failed,
        List<Failure> failures,
        MemoryReader.Checksum checksum,
        List<String> notes) {
    public ImportReport {
        failures = List.copyOf(failures);
        notes = List.copyOf(notes);
    }

    /**
     * An item that was not imported.
     *
     * @param index its number in the file, from 0
     * @param field the field that is wrong, relative to the item; empty for the item as a whole
     * @param message what is wrong with it
     */
    public record Failure(long index, String field, String message) {}

    /** The report as the API gives it. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("read", read);
        json.put("imported", imported);
        json.put("duplicates", duplicates);
        json.put("failed", failed);
        ArrayNode list = json.putArray("failures");
        for (Failure failure : failures) {
            list.addObject()
                    .put("index", failure.index())
                    .put("field", failure.field())
                    .put("message", failure.message());
        }
        json.put("checksum", checksum.name().toLowerCase(Locale.ROOT));
        notes.forEach(json.putArray("notes")::add);
        return json;
    }
}
