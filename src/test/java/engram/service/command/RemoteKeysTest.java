package engram.service.command;

import static org.assertj.core.api.Assertions.assertThat;

import engram.api.KeysNeeded;
import engram.service.access.Grant;
import engram.service.access.Keys;
import engram.service.access.Right;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that let a service do their work, which wants a key. */
@QuarkusTest
@TestProfile(KeysNeeded.class)
class RemoteKeysTest {
    @TempDir
    Path directory = Path.of("");

    @TestHTTPResource
    URI base = URI.create("http://localhost");

    private final Keys keys;

    @Inject
    RemoteKeysTest(Keys keys) {
        this.keys = keys;
    }

    private Shell.Ended run(String key, String... words) {
        List<String> all = new java.util.ArrayList<>(List.of(words));
        all.addAll(List.of("--url", base.toString()));
        if (!key.isEmpty()) {
            all.addAll(List.of("--key", key));
        }
        return new Shell(directory.resolve("none")).run(all.toArray(String[]::new));
    }

    @Test
    void makesListsAndRevokesThroughTheService() {
        Grant everything = Grant.of("*", Set.of(Right.ADMIN), Set.of());
        String admin = keys.create(new Keys.NewKey("admin", List.of(everything), Optional.empty(), Optional.empty()))
                .secret();
        Shell.Ended refused = run("", "key", "list");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("needs a key", "ENGRAM_API_KEY");
        Shell.Ended created =
                run(admin, "key", "create", "--name", "r", "--grant", "remote:read,write", "--expires", "2d");
        assertThat(created.exitCode()).as(created.err()).isZero();
        String secret = created.out().strip();
        String id = secret.substring(7, 17);
        assertThat(keys.get(id).grants())
                .containsExactly(Grant.of("remote", Set.of(Right.READ, Right.WRITE), Set.of()));
        assertThat(run(admin, "key", "list").out())
                .contains(id, "remote:read,write")
                .doesNotContain(secret);
        assertThat(run(secret, "key", "list").err()).contains("administrator");
        assertThat(run(secret, "export", "remote").err()).contains("there is no space 'remote'");
        assertThat(run(admin, "key", "create", "--name", "n", "--grant", "A:read")
                        .err())
                .contains("grants[0].space");
        assertThat(run(admin, "key", "revoke", id).exitCode()).isZero();
        assertThat(keys.get(id).revoked()).isPresent();
        assertThat(run(secret, "export", "remote").err()).contains("not valid");
    }
}
