package engram.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.InvalidInput;
import engram.error.TooManyRequests;
import engram.error.Unauthenticated;
import engram.error.Unavailable;
import engram.memory.Documents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Keys as several replicas see them, while what they share comes and goes. */
class KeyRegistryTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Grant ADMIN = Grant.of("*", Set.of(Right.ADMIN), Set.of());
    private static final Grant READ = Grant.of("arena", Set.of(Right.READ), Set.of());

    private final MovableDocuments documents = new MovableDocuments();
    private final AtomicLong passed = new AtomicLong();
    private final InstantSource clock = () -> NOON.plusSeconds(passed.get());

    /** One replica of a service. */
    private final class Replica {
        private final KeyRegistry registry;
        private final Keys keys;
        private final LastUses uses;

        Replica(Optional<Documents> copy) {
            registry = new KeyRegistry(documents, copy);
            uses = new LastUses(documents, clock);
            keys = new Keys(registry, uses, clock);
        }

        AccessControl control(boolean required) {
            return new AccessControl(
                    registry, uses, required, RateLimit.NONE, clock, () -> Duration.ofSeconds(passed.get())
                            .toNanos());
        }

        String create(Grant... grants) {
            return create(Optional.empty(), grants).secret();
        }

        Keys.Created create(Optional<Instant> expires, Grant... grants) {
            return keys.create(new Keys.NewKey("key", List.of(grants), expires, Optional.empty()));
        }

        Caller ask(String secret) {
            return control(true).authenticate(Optional.of(secret));
        }
    }

    @Test
    void isOpenUntilThereIsAKey() {
        Replica replica = new Replica(Optional.empty());
        assertThat(replica.control(false).authenticate(Optional.empty()).isAdministrator())
                .isTrue();
        assertThatThrownBy(() -> replica.control(true).authenticate(Optional.empty()))
                .isInstanceOf(Unauthenticated.class);
        replica.create(ADMIN);
        assertThatThrownBy(() -> replica.control(false).authenticate(Optional.empty()))
                .isInstanceOf(Unauthenticated.class);
    }

    /** Otherwise the end of a key's time would let everybody in. */
    @Test
    void doesNotOpenWhenTheLastKeyExpires() {
        Replica replica = new Replica(Optional.empty());
        Keys.Created key = replica.create(Optional.of(NOON.plusSeconds(10)), ADMIN);
        assertThat(replica.ask(key.secret()).isAdministrator()).isTrue();
        passed.set(10);
        assertThatThrownBy(() -> replica.ask(key.secret())).isInstanceOf(Unauthenticated.class);
        assertThatThrownBy(() -> replica.control(false).authenticate(Optional.empty()))
                .isInstanceOf(Unauthenticated.class);
        replica.create(ADMIN);
        replica.keys.revoke(key.key().id());
        replica.keys.revoke(replica.keys.list().stream()
                .filter(known -> known.revoked().isEmpty())
                .findFirst()
                .orElseThrow()
                .id());
        assertThat(replica.control(false).authenticate(Optional.empty())).isSameAs(Caller.ANYBODY);
    }

    @Test
    void alwaysHasAnAdministrator() {
        Replica replica = new Replica(Optional.empty());
        assertThatThrownBy(() -> replica.create(READ)).isInstanceOf(Conflict.class);
        Keys.Created admin = replica.create(Optional.empty(), ADMIN);
        Keys.Created reader = replica.create(Optional.empty(), READ);
        String id = admin.key().id();
        assertThatThrownBy(() -> replica.keys.revoke(id)).isInstanceOf(Conflict.class);
        assertThatThrownBy(() -> replica.keys.edit(id, key -> key.withGrants(List.of(READ))))
                .isInstanceOf(Conflict.class);
        replica.keys.revoke(reader.key().id());
        replica.keys.revoke(id);
        assertThatThrownBy(() -> replica.create(Optional.of(clock.instant()), ADMIN))
                .isInstanceOf(InvalidInput.class);
    }

    @Test
    void keepsNoSecret() {
        Replica replica = new Replica(Optional.empty());
        Keys.Created created = replica.create(Optional.empty(), ADMIN);
        String secret = created.secret();
        assertThat(secret).matches("engram_[a-z2-7]{10}_[a-z2-7]{32}");
        String kept =
                new String(documents.get(KeyRegistry.DOCUMENT).orElseThrow().content(), StandardCharsets.UTF_8);
        assertThat(kept).contains(created.key().id()).doesNotContain(secret.substring(18));
        assertThat(created.toString()).doesNotContain(secret.substring(18));
        assertThat(Token.parse(secret).orElseThrow().toString()).doesNotContain(secret.substring(18));
        assertThat(new Replica(Optional.empty()).ask(secret).key())
                .contains(created.key().id());
    }

    @Test
    void countsOnEveryReplica() {
        Replica one = new Replica(Optional.empty());
        Replica other = new Replica(Optional.empty());
        one.create(ADMIN);
        // The other has not looked yet, and changes the same document all the same.
        String secret = other.create(READ);
        assertThat(other.keys.list()).hasSize(2);
        assertThatThrownBy(() -> one.ask(secret)).isInstanceOf(Unauthenticated.class);
        one.registry.refresh();
        Caller caller = one.ask(secret);
        assertThat(caller.may("arena", Right.READ)).isTrue();
        other.keys.revoke(caller.key().orElseThrow());
        assertThatThrownBy(() -> other.ask(secret)).isInstanceOf(Unauthenticated.class);
        assertThat(one.control(true).renewed(caller)).isPresent();
        one.registry.refresh();
        assertThatThrownBy(() -> one.ask(secret)).isInstanceOf(Unauthenticated.class);
        assertThat(one.control(true).renewed(caller)).isEmpty();
    }

    @Test
    void losesNoChangeToSomebodyFaster() {
        Replica one = new Replica(Optional.empty());
        Replica other = new Replica(Optional.empty());
        one.create(ADMIN);
        documents.beforeNextPut(() -> other.create(READ));
        one.create(READ);
        other.registry.refresh();
        assertThat(other.keys.list()).hasSize(3);
    }

    @Test
    void goesOnWithTheCopyWhileWhatIsSharedIsAway() {
        MovableDocuments copy = new MovableDocuments();
        Replica replica = new Replica(Optional.of(copy));
        String secret = replica.create(ADMIN);
        documents.goAway(true);
        replica.registry.refresh();
        assertThat(replica.ask(secret).isAdministrator()).isTrue();
        assertThatThrownBy(() -> replica.create(READ)).isInstanceOf(Unavailable.class);
        Replica restarted = new Replica(Optional.of(copy));
        assertThat(restarted.ask(secret).isAdministrator()).isTrue();
        assertThatThrownBy(() -> restarted.control(false).authenticate(Optional.empty()))
                .isInstanceOf(Unauthenticated.class);
        documents.goAway(false);
        restarted.registry.refresh();
        String reader = restarted.create(READ);
        replica.registry.refresh();
        assertThat(replica.ask(reader).may("arena", Right.READ)).isTrue();
    }

    /** Neither open nor closed: nobody knows yet whether there are keys. */
    @Test
    void answersThatItCannotKnowWithoutACopy() {
        documents.goAway(true);
        Replica replica = new Replica(Optional.of(new MovableDocuments()));
        assertThatThrownBy(() -> replica.control(false).authenticate(Optional.empty()))
                .isInstanceOf(Unavailable.class);
        documents.goAway(false);
        replica.registry.refresh();
        assertThat(replica.control(false).authenticate(Optional.empty())).isSameAs(Caller.ANYBODY);
        documents.goAway(true);
    }

    @Test
    void doesNotOpenWhenTheKeysVanish() {
        MovableDocuments copy = new MovableDocuments();
        Replica replica = new Replica(Optional.of(copy));
        String secret = replica.create(ADMIN);
        documents.loseEverything();
        replica.registry.refresh();
        for (Replica each : List.of(replica, new Replica(Optional.of(copy)))) {
            assertThat(each.ask(secret).isAdministrator()).isTrue();
            assertThatThrownBy(() -> each.control(false).authenticate(Optional.empty()))
                    .isInstanceOf(Unauthenticated.class);
        }
        replica.create(READ);
        assertThat(new Replica(Optional.empty()).keys.list()).hasSize(2);
    }

    @Test
    void refusesDamagedKeysAtTheStartAndKeepsKnownOnesLater() {
        Replica replica = new Replica(Optional.empty());
        String secret = replica.create(ADMIN);
        documents.put(KeyRegistry.DOCUMENT, "{}".getBytes(StandardCharsets.UTF_8), OptionalLong.empty());
        replica.registry.refresh();
        assertThat(replica.ask(secret).isAdministrator()).isTrue();
        assertThatThrownBy(() -> new Replica(Optional.empty())).isInstanceOf(Damaged.class);
    }

    @Test
    void readsFormatOne() {
        String kept = "{\"format\":1,\"keys\":[{\"id\":\"abcdefghij\",\"name\":\"n\",\"sha256\":\"00\","
                + "\"created\":\"2026-11-20T12:00:00Z\",\"expires\":\"2027-01-01T00:00:00Z\",\"rate\":2.5,\"burst\":7,"
                + "\"grants\":[{\"space\":\"a*\",\"rights\":[\"read\",\"share\"],\"agents\":[\"x\"],\"sharedBy\":\"k\"}]}]}";
        AccessKey key = KeyJson.read(kept.getBytes(StandardCharsets.UTF_8)).getFirst();
        assertThat(key.limit()).contains(new RateLimit(2.5, 7));
        assertThat(key.grants().getFirst().sharedBy()).contains("k");
        assertThat(KeyJson.read(KeyJson.write(List.of(key)))).containsExactly(key);
    }

    @Test
    void remembersWhenKeysWereUsed() {
        Replica one = new Replica(Optional.empty());
        String secret = one.create(ADMIN);
        String id = one.ask(secret).key().orElseThrow();
        one.uses.flush();
        Replica other = new Replica(Optional.empty());
        assertThat(other.keys.lastUsed()).containsEntry(id, NOON);
        passed.set(60);
        one.ask(secret);
        one.uses.flush();
        assertThat(other.keys.lastUsed()).containsEntry(id, NOON);
        passed.set(360);
        one.ask(secret);
        one.uses.flush();
        assertThat(other.keys.lastUsed()).containsEntry(id, NOON.plusSeconds(360));
        documents.goAway(true);
        one.uses.flush();
        assertThat(one.keys.lastUsed()).containsKey(id);
    }

    @Test
    void limitsTheRate() {
        AtomicLong nanos = new AtomicLong();
        RateLimits limits = new RateLimits(nanos::get);
        RateLimit limit = new RateLimit(2, 3);
        for (int i = 0; i < 3; i++) {
            limits.take("k", limit);
        }
        assertThatThrownBy(() -> limits.take("k", limit))
                .isInstanceOfSatisfying(
                        TooManyRequests.class, e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
        limits.take("other", limit);
        nanos.addAndGet(500_000_000);
        limits.take("k", limit);
        assertThatThrownBy(() -> limits.take("k", limit)).isInstanceOf(TooManyRequests.class);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        for (int i = 0; i < 3; i++) {
            limits.take("k", limit);
        }
        assertThatThrownBy(() -> limits.take("k", limit)).isInstanceOf(TooManyRequests.class);
        limits.take("k", RateLimit.NONE);
    }
}
