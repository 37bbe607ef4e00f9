package engram.memory.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import engram.encoder.EncoderFiles;
import engram.error.Conflict;
import engram.error.Damaged;
import engram.error.Unavailable;
import engram.memory.EmbeddingVersion;
import engram.memory.Leases;
import engram.memory.Modality;
import engram.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas with the same memory: both embed by the same encoders, whoever trained them. */
class ReplicatedEncodersTest extends ReplicasFixture {
    private static final EmbeddingVersion FIRST = new EmbeddingVersion(Modality.STATE, 1);
    private static final String DOCUMENT = "spaces/world/encoders/v1";
    private static final String TURN = "spaces/world/encoders";

    private Replica a;
    private Replica b;
    private Space here;

    @BeforeEach
    void begin() {
        a = replica("a");
        b = replica("b");
        here = create(a, "world", "{}");
    }

    @Test
    void writeAndRecallWithoutAnErrorWhileTheOtherChangesEncoders() throws Exception {
        remember(here, 600, 3);
        Space there = b.spaces().open("world");
        AtomicBoolean done = new AtomicBoolean();
        List<String> written = new ArrayList<>();
        CompletableFuture<Integer> writing = CompletableFuture.supplyAsync(() -> {
            int rounds = 0;
            for (; !done.get(); rounds++) {
                written.addAll(remember(there, 3, 1_000 + rounds));
                Recalled recalled = there.recall(Recall.of(query(1_000 + rounds), 3));
                assertThat(recalled.matches().getFirst().similarity()).isCloseTo(1, within(1e-3));
                if (rounds % 10 == 0) {
                    b.spaces().refresh();
                }
            }
            return rounds;
        });

        Run first = train(a, "world");
        Run back = a.finished(here.encoders().activate(0));
        Run again = a.finished(here.encoders().activate(1));
        done.set(true);

        assertThat(writing.get()).isGreaterThan(10);
        for (Run run : List.of(first, back, again)) {
            assertThat(run.status()).as("%s", run.problem()).isEqualTo(Run.Status.SUCCEEDED);
        }
        b.spaces().refresh();
        assertThat(there.activeEncoder(Modality.STATE)).isEqualTo(FIRST);
        written.addAll(remember(there, 3, 5));
        assertThat(store("world").activeVersion(Modality.STATE)).isEqualTo(FIRST);
        assertThat(store("world").vectors(written, FIRST)).hasSize(written.size());
        assertThat(store("world").statistics().total()).isEqualTo(600 + written.size());
    }

    /** An append that is refused is embedded anew at once: nobody waits for the next look at the others. */
    @Test
    void writeAndRecallByTheRightVersionRightAfterAChange() {
        remember(here, 200, 6);
        Space there = b.spaces().open("world");
        Space idle = replica("c").spaces().open("world");
        train(a, "world");

        List<String> ids = remember(there, 5, 7);
        Recalled recalled = idle.recall(Recall.of(query(7), 1));

        assertThat(there.activeEncoder(Modality.STATE)).isEqualTo(FIRST);
        assertThat(recalled.encoder()).isEqualTo(FIRST);
        assertThat(recalled.matches().getFirst().memory().id()).isEqualTo(ids.getFirst());
        assertThat(store("world").vectors(ids, FIRST)).hasSize(5);
    }

    @Test
    void bringVectorsOfAVersionThatTheOtherIsFilling() {
        trainWithoutActivating();
        Space there = b.spaces().open("world");
        try (Leases.Lease turn = a.leases().acquire(TURN).orElseThrow()) {
            store("world").beginVersion(FIRST);
            List<String> before = remember(there, 2, 9);
            assertThat(store("world").vectors(before, FIRST)).isEmpty();
            b.spaces().refresh();
            List<String> after = remember(there, 2, 10);
            assertThat(store("world").vectors(after, FIRST)).hasSize(2);
            assertThat(there.activeEncoder(Modality.STATE).number()).isZero();
            assertThatThrownBy(() -> there.encoders().activate(1)).isInstanceOf(Conflict.class);
            store("world").discardVersion(FIRST);
            b.spaces().refresh();
            List<String> later = remember(there, 2, 11);
            assertThat(store("world").vectors(later, FIRST)).isEmpty();
            assertThat(turn.isHeld()).isTrue();
        }
        assertThat(b.runs().list(_ -> true, null, 5).runs()).isEmpty();
    }

    @Test
    void goOnWithAVersionThatAReplicaLeftHalfFilledWhenItDied() {
        trainWithoutActivating();
        Space there = b.spaces().open("world");
        assertThat(a.leases().acquire(TURN)).isPresent();
        store("world").beginVersion(FIRST);
        b.spaces().refresh();
        assertThat(b.runs().list(_ -> true, null, 5).runs())
                .as("while it lives")
                .isEmpty();

        a.leases().die();
        b.spaces().refresh();

        Run run = b.finished(b.runs().list(_ -> true, null, 5).runs().getFirst());
        assertThat(run.status()).as("%s", run.problem()).isEqualTo(Run.Status.SUCCEEDED);
        assertThat(there.activeEncoder(Modality.STATE)).isEqualTo(FIRST);
        assertThat(b.leases().acquire(TURN)).as("the turn is given back").isPresent();
    }

    @Test
    void undoAHalfFilledVersionAtTheStartUnlessSomebodyWorksOnIt() {
        trainWithoutActivating();
        store("world").beginVersion(FIRST);
        try (Leases.Lease turn = a.leases().acquire(TURN).orElseThrow()) {
            assertThat(turn.isHeld()).isTrue();
            b.spaces().open("world");
            assertThat(store("world").versions()).contains(FIRST);
        }
        Replica c = replica("c");
        c.spaces().open("world");
        assertThat(store("world").versions()).doesNotContain(FIRST);
        assertThat(c.spaces().problems()).singleElement().asString().contains("interrupted and undone");
    }

    @Test
    void stopChangingEncodersWhenTheirTurnIsOverAndLeaveTheVersionToTheNext() {
        trainWithoutActivating();
        store("world").beforeWrite(what -> {
            if (what.equals("putVectors")) {
                a.leases().die();
            }
        });
        Run lost = a.finished(here.encoders().activate(1));
        store("world").beforeWrite(_ -> {});
        assertThat(lost.status()).isEqualTo(Run.Status.FAILED);
        assertThat(Optional.ofNullable(lost.problem()).orElseThrow().toString()).contains("turn");
        assertThat(store("world").versions())
                .as("it may be another one's by now")
                .contains(FIRST);
        b.spaces().open("world");
    }

    @Test
    void trainOnceWhenThereIsEnoughWhoeverWroteIt() {
        create(a, "shared", "{\"encoder\":{\"trainAfter\":200,\"activation\":\"always\"}}");
        Space one = a.spaces().open("shared");
        Space other = b.spaces().open("shared");
        remember(one, 120, 1);
        a.spaces().refresh();
        remember(other, 120, 2);
        assertThat(a.runs().list(_ -> true, null, 5).runs()).isEmpty();

        CompletableFuture<Void> first =
                CompletableFuture.runAsync(() -> a.spaces().refresh());
        CompletableFuture<Void> second =
                CompletableFuture.runAsync(() -> b.spaces().refresh());
        CompletableFuture.allOf(first, second).join();
        await(() -> store("shared").activeVersion(Modality.STATE).equals(FIRST));
        a.spaces().refresh();
        b.spaces().refresh();
        remember(one, 1, 3);
        a.spaces().refresh();
        b.spaces().refresh();

        List<Run> runs = new ArrayList<>(a.runs().list(_ -> true, null, 5).runs());
        runs.addAll(b.runs().list(_ -> true, null, 5).runs());
        assertThat(runs).singleElement().extracting(Run::kind).isEqualTo("encoder-training");
        assertThat(one.encoders().list()).hasSize(2);
    }

    @Test
    void giveEachVersionANumberOfItsOwn() {
        remember(here, 150, 1);
        train(a, "world");
        train(b, "world");
        train(a, "world");
        assertThat(here.encoders().list())
                .extracting(EncoderVersions.EncoderVersion::version)
                .containsExactly(0, 1, 2, 3);
        assertThat(here.activeEncoder(Modality.STATE).number()).isEqualTo(3);
    }

    @Test
    void fetchAnEncoderOnceAndKeepACopy() {
        remember(here, 150, 1);
        train(a, "world");
        documents.takeReads();
        Space there = b.spaces().open("world");
        assertThat(b.encoder("world", 1)).isDirectoryContaining("glob:**weights.bin");
        assertThat(documents.takeReads()).as("the archive and its digest").isEqualTo(2);
        Space again = replica("b").spaces().open("world");
        assertThat(documents.takeReads()).as("the digest").isEqualTo(1);
        assertThat(vector(again)).isEqualTo(vector(there)).isEqualTo(vector(here));
    }

    @Test
    void fetchADamagedCopyAgain() throws IOException {
        remember(here, 150, 1);
        train(a, "world");
        Space there = b.spaces().open("world");
        byte[] whole = Files.readAllBytes(b.encoder("world", 1).resolve("weights.bin"));
        for (String name : List.of("weights.bin", "encoder.json", "SHA256SUMS")) {
            flipAByte(b.encoder("world", 1).resolve(name));
            Space again = replica("b").spaces().open("world");
            assertThat(again.activeEncoder(Modality.STATE)).as(name).isEqualTo(FIRST);
            assertThat(vector(again)).isEqualTo(vector(there));
            assertThat(b.encoder("world", 1).resolve("weights.bin")).hasBinaryContent(whole);
        }
    }

    @Test
    void refuseADamagedDocument() {
        remember(here, 150, 1);
        train(a, "world");
        byte[] archive = documents.get(DOCUMENT).orElseThrow().content();
        EncoderLibrary library =
                new EncoderLibrary("world", new EncoderFiles(b.directory().resolve("x")), Optional.of(documents));
        for (int place : new int[] {3, 40, 200, archive.length / 2, archive.length - 1}) {
            byte[] damaged = archive.clone();
            damaged[place] ^= 0x10;
            documents.put(DOCUMENT, damaged, OptionalLong.empty());
            assertThatThrownBy(() -> library.load(1)).as("byte %d", place).isInstanceOf(Damaged.class);
        }
        documents.put(DOCUMENT, Arrays.copyOf(archive, archive.length - 1), OptionalLong.empty());
        assertThatThrownBy(() -> library.load(1)).isInstanceOf(Damaged.class);
        documents.put(DOCUMENT, new byte[0], OptionalLong.empty());
        assertThatThrownBy(() -> library.load(1)).isInstanceOf(Damaged.class);
        documents.put(DOCUMENT, archive, OptionalLong.empty());
        assertThat(library.load(1).version()).isEqualTo(1);
    }

    /** The replica that has a good copy goes on; one that has none does not change the space to an older version. */
    @Test
    void fallBackOnlyWhenNobodyChangesEncoders() {
        remember(here, 150, 1);
        train(a, "world");
        documents.put(DOCUMENT, new byte[] {1, 2, 3}, OptionalLong.empty());
        try (Leases.Lease turn = a.leases().acquire(TURN).orElseThrow()) {
            assertThat(turn.isHeld()).isTrue();
            assertThatThrownBy(() -> b.spaces().open("world")).isInstanceOf(Unavailable.class);
        }
        assertThat(replica("a").spaces().open("world").activeEncoder(Modality.STATE))
                .isEqualTo(FIRST);
        Space there = b.spaces().open("world");
        assertThat(there.activeEncoder(Modality.STATE).number()).isZero();
        assertThat(b.spaces().problems()).anyMatch(problem -> problem.contains(DOCUMENT));
        a.spaces().refresh();
        assertThat(here.activeEncoder(Modality.STATE).number()).isZero();
    }

    private void trainWithoutActivating() {
        remember(here, 300, 8);
        Run run = a.finished(here.encoders().train(json("{\"activation\":\"never\"}")));
        assertThat(run.status()).as("%s", run.problem()).isEqualTo(Run.Status.SUCCEEDED);
    }

    private static float[] vector(Space space) {
        return space.embedStates(List.of(json("{\"health\":5,\"energy\":70}")))
                .getFirst()
                .full();
    }

    private static void flipAByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x10;
        Files.write(file, bytes);
    }
}
