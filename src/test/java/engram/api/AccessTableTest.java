package engram.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AccessTableTest {
    private static final Pattern PATH = Pattern.compile("  (/\\S*):");
    private static final Pattern VERB = Pattern.compile("    (get|put|post|patch|delete|head|options):");

    /** A path that the table does not know would be refused to everybody: whoever adds one decides what it needs. */
    @Test
    void knowsEveryOperationOfTheDocument() throws IOException {
        Set<String> unknown = new TreeSet<>();
        int operations = 0;
        String path = "";
        List<String> lines = Files.readAllLines(Path.of("docs/openapi.yaml"));
        for (String line : lines.subList(lines.indexOf("paths:"), lines.size())) {
            Matcher named = PATH.matcher(line);
            Matcher verb = VERB.matcher(line);
            if (named.matches()) {
                path = named.group(1);
            } else if (verb.matches()) {
                operations++;
                String operation = verb.group(1).toUpperCase(java.util.Locale.ROOT) + " " + path;
                if (AccessTable.rule(operation).isEmpty()) {
                    unknown.add(operation);
                }
            }
        }
        assertThat(unknown).as("operations that AccessTable has no rule for").isEmpty();
        assertThat(operations).isGreaterThan(30);
    }
}
