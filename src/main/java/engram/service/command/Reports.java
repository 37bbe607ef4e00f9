package engram.service.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engram.memory.embedded.EmbeddedMaintenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What maintenance reports, for programs and for people. */
final class Reports {
    private static final long MEGABYTE = 1_000_000;

    private Reports() {}

    static ObjectNode json(EmbeddedMaintenance.Copied copied) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        copied.spaces().forEach(json.putArray("spaces")::add);
        return json.put("files", copied.files())
                .put("bytes", copied.bytes())
                .put("time", copied.time().toString());
    }

    static String text(EmbeddedMaintenance.Copied copied) {
        String size = String.format(Locale.ROOT, "%.1f MB", (double) copied.bytes() / MEGABYTE);
        return count(copied.spaces().size(), "space") + " (" + count(copied.files(), "file") + ", " + size + ")";
    }

    static ObjectNode json(EmbeddedMaintenance.Report report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode spaces = json.putArray("spaces");
        for (EmbeddedMaintenance.SpaceReport space : report.spaces()) {
            ObjectNode each = spaces.addObject();
            each.put("space", space.space()).put("memories", space.memories()).put("vectors", space.vectors());
            space.findings().forEach(each.putArray("findings")::add);
        }
        return json;
    }

    /** @param fine what to say of a space with nothing found */
    static String text(EmbeddedMaintenance.Report report, String fine) {
        if (report.spaces().isEmpty()) {
            return "the data directory has no spaces";
        }
        List<String> lines = new ArrayList<>();
        for (EmbeddedMaintenance.SpaceReport space : report.spaces()) {
            String known = "space " + space.space() + ": " + count(space.memories(), "memory", "memories") + ", "
                    + count(space.vectors(), "vector");
            lines.add(space.findings().isEmpty() ? known + ", " + fine : known);
            space.findings().forEach(finding -> lines.add("  " + finding));
        }
        return String.join(System.lineSeparator(), lines);
    }

    static String count(long number, String one) {
        return count(number, one, one + "s");
    }

    static String count(long number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }
}
