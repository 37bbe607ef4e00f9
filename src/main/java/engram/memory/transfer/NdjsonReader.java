package engram.memory.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import engram.error.FieldError;
import engram.error.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what {@link MemoryWriter} writes. */
final class NdjsonReader implements MemoryReader {
    private final InputStream in;
    private final Lines lines;
    private final int longestItem;
    private final ObjectReader json;
    private final MessageDigest digest = MemoryWriter.sha256();
    private final Header header;
    private long index;
    private Checksum checksum = Checksum.MISSING;

    NdjsonReader(InputStream in, int longestItem) throws IOException {
        this.in = in;
        this.longestItem = longestItem;
        this.lines = new Lines(in, longestItem);
        this.json = TransferFormat.mapper(longestItem).reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        this.header = readHeader();
    }

    private Header readHeader() throws IOException {
        Lines.Line line = lines.next();
        if (line == null || line.tooLong()) {
            throw new InvalidInput("", "has no first line that can be read");
        }
        update(line);
        Fields fields = Fields.of(parse(line));
        if (!TransferFormat.NAME.equals(fields.optionalText("format"))) {
            throw fields.invalid("format", "is " + TransferFormat.NAME + " in an export of Engram");
        }
        long version = fields.whole("version", 0);
        if (version != TransferFormat.VERSION) {
            throw fields.invalid(
                    "version", "is " + version + "; this version of Engram reads version " + TransferFormat.VERSION);
        }
        SortedMap<String, String> encoders = new TreeMap<>();
        for (var encoder : fields.object("encoders").tree().properties()) {
            if (!encoder.getValue().isTextual()) {
                throw fields.invalid("encoders." + encoder.getKey(), "is a text");
            }
            encoders.put(encoder.getKey(), encoder.getValue().textValue());
        }
        return new Header(
                fields.optionalText("space"),
                fields.has("settings") ? fields.object("settings") : null,
                encoders,
                fields.has("encoder") ? encoder(fields.member("encoder")) : null);
    }

    private static Header.TravellingEncoder encoder(Fields fields) {
        return new Header.TravellingEncoder(
                (int) Math.min(Integer.MAX_VALUE, fields.whole("version", 1)), fields.text("archive"));
    }

    @Override
    public Header header() {
        return header;
    }

    @Override
    public Optional<Item> next() {
        try {
            Lines.Line line = lines.next();
            while (line != null && line.isBlank()) {
                update(line);
                line = lines.next();
            }
            if (line == null) {
                return Optional.empty();
            }
            return line.tooLong() ? Optional.of(tooLong(line)) : item(line);
        } catch (IOException e) {
            throw TransferFormat.broken(e);
        }
    }

    private Item tooLong(Lines.Line line) {
        update(line);
        return bad("", "is longer than " + longestItem + " bytes");
    }

    private Optional<Item> item(Lines.Line line) {
        JsonNode object;
        try {
            object = parse(line);
        } catch (InvalidInput e) {
            update(line);
            return Optional.of(bad("", e.errors().getFirst().message()));
        }
        if (checksum != Checksum.MISSING) {
            return Optional.of(bad("", "comes after the last line of the export"));
        }
        if (object.has("end")) {
            checkEnd(object.path("end"));
            return next();
        }
        update(line);
        try {
            TransferredMemory memory = MemoryJson.read(object);
            return Optional.of(new Good(index++, memory));
        } catch (InvalidInput e) {
            FieldError problem = e.errors().getFirst();
            return Optional.of(bad(problem.field(), problem.message()));
        }
    }

    private void checkEnd(JsonNode end) {
        boolean whole = end.path("memories").asLong(-1) == index
                && end.path("sha256").asText().equals(HexFormat.of().formatHex(digest.digest()));
        checksum = whole ? Checksum.OK : Checksum.DIFFERS;
    }

    private Bad bad(String field, String message) {
        return new Bad(index++, new FieldError(field, message));
    }

    private JsonNode parse(Lines.Line line) {
        try {
            return json.readTree(line.bytes());
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at column " + e.getLocation().getColumnNr();
            throw new InvalidInput("", "is no JSON object: " + e.getOriginalMessage() + where);
        } catch (IOException e) {
            throw TransferFormat.broken(e);
        }
    }

    private void update(Lines.Line line) {
        digest.update(line.bytes());
        if (line.terminated()) {
            digest.update((byte) '\n');
        }
    }

    @Override
    public Ending ending() {
        return new Ending(checksum, List.of());
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw TransferFormat.broken(e);
        }
    }
}
