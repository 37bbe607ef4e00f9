package engram.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import engram.error.InvalidInput;
import engram.error.PreconditionFailed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every keeper of documents does. */
public abstract class DocumentsContract {
    private static final OptionalLong ANY = OptionalLong.empty();
    private static final OptionalLong NONE = OptionalLong.of(0);
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-";

    private Documents documents;
    private Random random;

    /** Opens the documents under test: empty at first, and over the same data each time it is called within one test. */
    protected abstract Documents openDocuments() throws Exception;

    @BeforeEach
    void open() throws Exception {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println(getClass().getSimpleName() + ": engram.seed=" + seed);
        random = new Random(seed);
        documents = openDocuments();
    }

    @Test
    void keepsWhatWasWritten() throws Exception {
        assertThat(documents.get("keys")).isEmpty();
        long first = documents.put("keys", bytes("one"), ANY);
        assertThat(first).isPositive();
        assertThat(text(documents, "keys")).isEqualTo("one");
        long second = documents.put("keys", bytes("two"), ANY);
        assertThat(second).isGreaterThan(first);
        for (Documents each : List.of(documents, openDocuments())) {
            assertThat(text(each, "keys")).isEqualTo("two");
            assertThat(each.get("keys").orElseThrow().revision()).isEqualTo(second);
        }
        assertThat(documents.get("key")).isEmpty();
        assertThat(documents.get("keys/one")).isEmpty();
    }

    @Test
    void keepsAnyBytesAndCopiesThem() {
        byte[] content = new byte[1 << 20];
        random.nextBytes(content);
        byte[] sent = content.clone();
        documents.put("large", sent, ANY);
        sent[0]++;
        byte[] read = documents.get("large").orElseThrow().content();
        assertThat(read).isEqualTo(content);
        read[1]++;
        assertThat(documents.get("large").orElseThrow().content()).isEqualTo(content);
        documents.put("empty", new byte[0], ANY);
        assertThat(documents.get("empty").orElseThrow().content()).isEmpty();
    }

    @Test
    void writesOnlyOverTheExpectedRevision() {
        assertThatThrownBy(() -> documents.put("a", bytes("x"), OptionalLong.of(1)))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(documents.get("a")).isEmpty();
        long first = documents.put("a", bytes("first"), NONE);
        assertThatThrownBy(() -> documents.put("a", bytes("x"), NONE)).isInstanceOf(PreconditionFailed.class);
        assertThatThrownBy(() -> documents.put("a", bytes("x"), OptionalLong.of(first + 1)))
                .isInstanceOf(PreconditionFailed.class);
        long second = documents.put("a", bytes("second"), OptionalLong.of(first));
        assertThatThrownBy(() -> documents.put("a", bytes("x"), OptionalLong.of(first)))
                .isInstanceOf(PreconditionFailed.class);
        assertThat(text(documents, "a")).isEqualTo("second");
        assertThat(second).isGreaterThan(first);
    }

    @Test
    void removesAndNeverRepeatsARevision() throws Exception {
        assertThat(documents.delete("a")).isFalse();
        long last = 0;
        for (int i = 0; i < 5; i++) {
            Documents some = random.nextBoolean() ? documents : openDocuments();
            long revision = some.put("a", bytes("life " + i), NONE);
            assertThat(revision).isGreaterThan(last);
            last = random.nextBoolean() ? some.put("a", bytes("more"), OptionalLong.of(revision)) : revision;
            assertThat(documents.delete("a")).isTrue();
            assertThat(documents.get("a")).isEmpty();
            assertThat(documents.names("")).doesNotContain("a");
            assertThat(documents.delete("a")).isFalse();
            long stale = last;
            assertThatThrownBy(() -> documents.put("a", bytes("x"), OptionalLong.of(stale)))
                    .isInstanceOf(PreconditionFailed.class);
        }
    }

    @Test
    void keepsRandomNamesApart() throws Exception {
        TreeMap<String, String> model = new TreeMap<>();
        for (int i = 0; i < 120; i++) {
            String name = randomName();
            String content = "content " + i;
            documents.put(name, bytes(content), ANY);
            model.put(name, content);
            if (random.nextInt(4) == 0) {
                String gone = new ArrayList<>(model.keySet()).get(random.nextInt(model.size()));
                assertThat(documents.delete(gone)).isTrue();
                model.remove(gone);
            }
        }
        Documents again = openDocuments();
        assertThat(again.names("")).containsExactlyElementsOf(model.keySet());
        model.forEach((name, content) -> assertThat(text(again, name)).as(name).isEqualTo(content));
        for (int i = 0; i < 30; i++) {
            String some = randomName();
            String prefix = some.substring(0, random.nextInt(Math.min(4, some.length()) + 1));
            assertThat(again.names(prefix))
                    .as(prefix)
                    .containsExactlyElementsOf(model.keySet().stream()
                            .filter(name -> name.startsWith(prefix))
                            .toList());
        }
    }

    @Test
    void listsByPrefixSorted() {
        for (String name : List.of("b/2", "b/10", "b", "b-1", "a/b/c", "bb")) {
            documents.put(name, bytes(name), ANY);
        }
        assertThat(documents.names("b/")).containsExactly("b/10", "b/2");
        assertThat(documents.names("b")).containsExactly("b", "b-1", "b/10", "b/2", "bb");
        assertThat(documents.names("nothing")).isEmpty();
        assertThat(documents.names("*")).isEmpty();
        assertThat(documents.names("?")).isEmpty();
    }

    @Test
    void refusesNamesThatAreNone() {
        String longest = "n".repeat(Documents.LONGEST_NAME);
        documents.put(longest, bytes("x"), ANY);
        assertThat(documents.get(longest)).isPresent();
        for (String name : List.of(
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".a",
                "a/.b",
                "..",
                "a/../b",
                "A",
                "a b",
                "a+b",
                "a*",
                "ä",
                "a\n",
                "a\u0000",
                "{a}",
                longest + "n")) {
            assertThatThrownBy(() -> documents.put(name, bytes("x"), ANY))
                    .as(name)
                    .isInstanceOf(InvalidInput.class);
            assertThatThrownBy(() -> documents.get(name)).as(name).isInstanceOf(InvalidInput.class);
            assertThatThrownBy(() -> documents.delete(name)).as(name).isInstanceOf(InvalidInput.class);
        }
    }

    /** Ten writers add one to a number a hundred times in all: no step may be lost, through one handle or two. */
    @Test
    void losesNoStepOfWritersThatCompareAndSet() throws Exception {
        int writers = 10;
        int steps = 10;
        documents.put("count", bytes("0"), NONE);
        List<Documents> handles = List.of(documents, openDocuments());
        List<Callable<Long>> work = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            Documents handle = handles.get(i % handles.size());
            work.add(() -> {
                long last = 0;
                for (int step = 0; step < steps; step++) {
                    last = addOne(handle);
                }
                return last;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            for (Future<Long> done : threads.invokeAll(work)) {
                assertThat(done.get()).isPositive();
            }
        }
        assertThat(text(documents, "count")).isEqualTo(Integer.toString(writers * steps));
    }

    private static long addOne(Documents documents) {
        while (true) {
            Documents.Document present = documents.get("count").orElseThrow();
            int count = Integer.parseInt(new String(present.content(), StandardCharsets.UTF_8));
            try {
                return documents.put("count", bytes(Integer.toString(count + 1)), OptionalLong.of(present.revision()));
            } catch (PreconditionFailed e) {
                // Somebody else was faster; once more from what is there now.
            }
        }
    }

    /** Readers see whole documents only, whatever is being written. */
    @Test
    void showsWholeDocumentsOnly() throws Exception {
        documents.put("whole", filled('a'), ANY);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> writing = threads.submit(() -> {
                for (int i = 0; i < 60; i++) {
                    documents.put("whole", filled((char) ('a' + i % 26)), ANY);
                }
            });
            while (!writing.isDone()) {
                Optional<Documents.Document> read = documents.get("whole");
                byte[] content = read.orElseThrow().content();
                assertThat(content).isEqualTo(filled((char) content[0]));
            }
            writing.get();
        }
    }

    private static byte[] filled(char letter) {
        return bytes(Character.toString(letter).repeat(50_000 + letter));
    }

    private String randomName() {
        StringBuilder name = new StringBuilder();
        int parts = 1 + random.nextInt(3);
        for (int part = 0; part < parts; part++) {
            name.append(part == 0 ? "" : "/").append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            int more = random.nextInt(random.nextInt(8) == 0 ? 40 : 3);
            for (int i = 0; i < more; i++) {
                int at = random.nextInt(LETTERS.length() + 2);
                name.append(at < LETTERS.length() ? LETTERS.charAt(at) : '.');
            }
        }
        return name.toString();
    }

    private static String text(Documents documents, String name) {
        return new String(documents.get(name).orElseThrow().content(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
