package engram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A file has one reason to change, and one that has grown past {@value #LIMIT} lines usually has two. */
class SourceSizeTest {
    private static final int LIMIT = 350;

    /** Paths relative to the project, each with the reason beside it. Meant to stay empty. */
    private static final Set<String> EXCEPTIONS = Set.of();

    @Test
    void noSourceFileOutgrowsTheLimit() throws IOException {
        Map<String, Long> tooLong = new TreeMap<>();
        for (Path root : List.of(Path.of("src"), Path.of("benchmarks"))) {
            for (Path file : javaFiles(root)) {
                long lines;
                try (Stream<String> content = Files.lines(file)) {
                    lines = content.count();
                }
                String name = file.toString().replace('\\', '/');
                if (lines > LIMIT && !EXCEPTIONS.contains(name)) {
                    tooLong.put(name, lines);
                }
            }
        }
        assertThat(tooLong).as("Java files of more than %d lines", LIMIT).isEmpty();
    }

    private static List<Path> javaFiles(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
