package engram;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operations of the committed OpenAPI document. */
public final class DocumentedOperations {
    private static final Pattern PATH = Pattern.compile("  (/\\S*):");
    private static final Pattern VERB = Pattern.compile("    (get|put|post|patch|delete|head|options):");

    private DocumentedOperations() {}

    /** All of them, such as {@code GET /v1/spaces/{space}}. */
    public static Set<String> read() throws IOException {
        Set<String> operations = new TreeSet<>();
        String path = "";
        List<String> lines = Files.readAllLines(Path.of("docs/openapi.yaml"));
        for (String line : lines.subList(lines.indexOf("paths:"), lines.size())) {
            Matcher named = PATH.matcher(line);
            Matcher verb = VERB.matcher(line);
            if (named.matches()) {
                path = named.group(1);
            } else if (verb.matches()) {
                operations.add(verb.group(1).toUpperCase(Locale.ROOT) + " " + path);
            }
        }
        return operations;
    }
}
