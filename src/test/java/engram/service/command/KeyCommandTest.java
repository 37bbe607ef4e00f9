package engram.service.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.memory.embedded.EmbeddedSpaces;
import engram.memory.embedded.FileDocuments;
import engram.service.access.AccessKey;
import engram.service.access.AuditLog;
import engram.service.access.Grant;
import engram.service.access.Keys;
import engram.service.access.Right;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandTest {
    @TempDir
    Path directory = Path.of("");

    private Path data() {
        return directory.resolve("data");
    }

    private Keys keys() {
        return Keys.of(new FileDocuments(data().resolve("documents")), Clock.systemUTC());
    }

    private Shell.Ended run(String... words) {
        return new Shell(data()).run(words);
    }

    @Test
    void makesListsAndRevokes() {
        Shell.Ended first = run("key", "create", "--name", "me", "--grant", "*:admin");
        assertThat(first.exitCode()).isZero();
        String admin = first.out().strip();
        assertThat(admin).matches("engram_[a-z2-7]{10}_[a-z2-7]{32}");
        assertThat(first.err()).contains("me").doesNotContain(admin);
        Shell.Ended second = run(
                "key",
                "create",
                "--name",
                "two of them",
                "--grant",
                "arena:read,write",
                "--grant=team-*:read",
                "--agents",
                "ada,bob",
                "--expires",
                "30d");
        assertThat(second.exitCode()).isZero();
        String id = second.out().substring(7, 17);
        AccessKey key = keys().get(id);
        assertThat(key.grants())
                .containsExactly(
                        Grant.of("arena", Set.of(Right.READ, Right.WRITE), Set.of("ada", "bob")),
                        Grant.of("team-*", Set.of(Right.READ), Set.of("ada", "bob")));
        assertThat(key.expires()).isPresent();
        Shell.Ended listed = run("key", "list");
        assertThat(listed.out())
                .contains(id, "two of them", "arena:read,write of ada,bob", "expires", "*:admin")
                .doesNotContain(admin.substring(20));
        assertThat(run("key", "list", "--json").out()).contains("\"keys\"", id);
        assertThat(run("key", "revoke", id).exitCode()).isZero();
        assertThat(keys().get(id).revoked()).isPresent();
        assertThat(run("key", "revoke", "nope").err()).contains("no key named 'nope'");
        AuditLog log = new AuditLog(data().resolve("audit.log"), Clock.systemUTC());
        assertThat(log.page(OptionalLong.empty(), 10).entries().stream().map(AuditLog.Entry::action))
                .containsExactly("key.revoked", "key.created", "key.created");
    }

    @Test
    void refusesAFirstKeyThatIsNoAdministrators() {
        Shell.Ended refused = run("key", "create", "--name", "n", "--grant", "arena:read");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("'admin' on '*'");
    }

    @Test
    void saysWhatIsWrongWithTheCommandLine() {
        for (List<String> words : List.of(
                List.of("key"),
                List.of("key", "mke"),
                List.of("key", "create", "--grant", "*:admin"),
                List.of("key", "create", "--name", "n"),
                List.of("key", "create", "--name", "n", "--grant", "arena"),
                List.of("key", "create", "--name", "n", "--name", "m", "--grant", "*:admin"),
                List.of("key", "create", "ID", "--name", "n", "--grant", "*:admin"),
                List.of("key", "create", "--name", "n", "--grant", "*:admin", "--expires", "soon"),
                List.of("key", "create", "--name", "n", "--grant", "*:admin", "--key", "a b", "--url", "http://h"),
                List.of("key", "list", "--name", "n"),
                List.of("key", "revoke"))) {
            Shell.Ended wrong = run(words.toArray(String[]::new));
            assertThat(wrong.exitCode()).as(words + wrong.err()).isEqualTo(2);
        }
        assertThat(run("key", "create", "--name", "n", "--grant", "*:amin").err())
                .contains("no right 'amin'");
        assertThat(Files.exists(data().resolve("documents/access+keys"))).isFalse();
    }

    @Test
    void understandsWhenAKeyExpires() throws WrongUsage {
        Instant now = Instant.parse("2026-11-20T12:00:00.7Z");
        assertThat(KeyCommand.time("90m", now)).isEqualTo("2026-11-20T13:30:00Z");
        assertThat(KeyCommand.time("2W", now)).isEqualTo("2026-12-04T12:00:00Z");
        assertThat(KeyCommand.time("2027-01-01T00:00:00+01:00", now)).isEqualTo("2026-12-31T23:00:00Z");
        assertThatThrownBy(() -> KeyCommand.time("0d", now)).isInstanceOf(WrongUsage.class);
    }

    @Test
    void touchesNoDirectoryThatIsInUse() {
        try (EmbeddedSpaces memory = EmbeddedSpaces.open(data())) {
            assertThat(memory.spaces().names()).isEmpty();
            Shell.Ended refused = run("key", "create", "--name", "n", "--grant", "*:admin");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("in use");
        }
    }

    @Test
    void saysThatKeysInRedisNeedAService() {
        Shell.Ended refused = new Shell(data(), true).run("key", "list");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("is redis", "--url");
        assertThat(run("key", "list").err()).contains("no data directory");
    }
}
