package engram.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    Path directory = Path.of("");

    private AuditLog log() {
        return new AuditLog(
                directory.resolve("audit.log"), InstantSource.fixed(Instant.parse("2026-11-20T12:00:00.5Z")));
    }

    @Test
    void listsNewestFirstPageByPage() {
        assertThat(log().page(OptionalLong.empty(), 10).entries()).isEmpty();
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            // Some lines are longer than what is read at once.
            String target = "spaces/" + i + "-" + "x".repeat(i % 9 == 0 ? 200_000 : i);
            log().append(Caller.COMMAND, "space.deleted", target, "done");
            written.add(target);
        }
        Collections.reverse(written);
        List<String> read = new ArrayList<>();
        OptionalLong next = OptionalLong.empty();
        do {
            AuditLog.Page page = log().page(next, 4);
            page.entries().forEach(entry -> read.add(entry.target()));
            next = page.next();
        } while (next.isPresent());
        assertThat(read).isEqualTo(written);
        assertThat(log().page(OptionalLong.empty(), 1).entries())
                .containsExactly(new AuditLog.Entry(
                        Instant.parse("2026-11-20T12:00:00.500Z"),
                        java.util.Optional.empty(),
                        "command",
                        "space.deleted",
                        written.getFirst(),
                        "done"));
    }

    /** A crash can cut the last line short: it is passed over, and the next line begins anew. */
    @Test
    void passesOverALineThatWasCutShort() throws IOException {
        log().append(Caller.ANYBODY, "one", "t", "done");
        log().append(Caller.ANYBODY, "two", "t", "done");
        Path file = directory.resolve("audit.log");
        byte[] whole = Files.readAllBytes(file);
        for (int cut = whole.length / 2 + 1; cut < whole.length; cut++) {
            Files.write(file, java.util.Arrays.copyOf(whole, cut));
            log().append(Caller.ANYBODY, "three", "t", "refused");
            assertThat(log().page(OptionalLong.empty(), 10).entries().stream().map(AuditLog.Entry::action))
                    .as("cut at %d", cut)
                    .startsWith("three")
                    .endsWith("one")
                    .hasSizeBetween(2, 3);
        }
        Files.writeString(file, "no JSON\n\n", StandardOpenOption.APPEND);
        assertThat(log().page(OptionalLong.empty(), 1).entries().getFirst().action())
                .isEqualTo("three");
    }

    @Test
    void keepsOneLineForEach() throws IOException {
        log().append(Caller.ANYBODY, "a", "line\nbreak \"quoted\"", "done");
        assertThat(Files.readAllLines(directory.resolve("audit.log"))).hasSize(1);
        assertThat(log().page(OptionalLong.empty(), 1).entries().getFirst().target())
                .isEqualTo("line\nbreak \"quoted\"");
    }
}
