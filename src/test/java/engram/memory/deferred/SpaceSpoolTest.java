package engram.memory.deferred;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceSpoolTest {
    private static final int WRITES = 30;
    /** So small that a few writes fill a file. */
    private static final int SEGMENT = 100;

    @TempDir
    Path directory;

    private final List<String> recovered = new ArrayList<>();

    private SpaceSpool open() throws IOException {
        recovered.clear();
        return new SpaceSpool(
                directory, SEGMENT, content -> recovered.add(new String(content, StandardCharsets.UTF_8)));
    }

    private void fill() throws IOException {
        try (SpaceSpool spool = open()) {
            for (int i = 0; i < WRITES; i++) {
                spool.write(List.of(("write " + i).getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SpoolRecovery.SEGMENT))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> expected(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "write " + i).toList();
    }

    @Test
    void keepsWhatIsNotRemovedYetInOrder() throws IOException {
        fill();
        try (SpaceSpool spool = open()) {
            assertThat(recovered).isEqualTo(expected(0, WRITES));
            spool.remove(7);
            assertThat(new String(spool.read(spool.first(1).getFirst()), StandardCharsets.UTF_8))
                    .isEqualTo("write 7");
            spool.write(List.of("more".getBytes(StandardCharsets.UTF_8)));
        }
        int files = segments().size();
        try (SpaceSpool spool = open()) {
            assertThat(recovered)
                    .startsWith("write 7")
                    .endsWith("write 29", "more")
                    .hasSize(WRITES - 6);
            spool.remove(20);
            assertThat(segments()).hasSizeLessThan(files);
            spool.remove(spool.size());
            assertThat(segments()).isEmpty();
        }
        try (SpaceSpool spool = open()) {
            assertThat(spool.size()).isZero();
            assertThat(spool.bytes()).isZero();
        }
        assertThat(SpoolRecovery.damagedPieces(directory)).isZero();
    }

    @Test
    void forgetsNothingThatCannotBeNoted() throws IOException {
        SpaceSpool spool = open();
        spool.write(List.of(new byte[] {1}, new byte[] {2}, new byte[] {3}));
        spool.close();
        assertThatThrownBy(() -> spool.remove(2)).isInstanceOf(IOException.class);
        assertThat(spool.size()).isEqualTo(3);
    }

    @Test
    void deliversAgainWhenTheMarkIsLost() throws IOException {
        fill();
        try (SpaceSpool spool = open()) {
            spool.remove(2);
        }
        Files.write(directory.resolve(DeliveryMark.FILE), new byte[24]);
        try (SpaceSpool spool = open()) {
            assertThat(recovered).isEqualTo(expected(0, WRITES));
            assertThat(spool.size()).isEqualTo(WRITES);
        }
    }

    @Test
    void cutsAwayAWriteThatWasCutOffAndGoesOn() throws IOException {
        fill();
        Path last = segments().getLast();
        byte[] bytes = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(bytes, bytes.length - 3));
        try (SpaceSpool spool = open()) {
            assertThat(recovered).isEqualTo(expected(0, WRITES - 1));
            spool.write(List.of("more".getBytes(StandardCharsets.UTF_8)));
        }
        try (SpaceSpool spool = open()) {
            assertThat(recovered).hasSize(WRITES).endsWith("write 28", "more");
            assertThat(spool.size()).isEqualTo(WRITES);
        }
        assertThat(SpoolRecovery.damagedPieces(directory)).isZero();
    }

    @Test
    void setsADamagedWriteAsideOnceAndKeepsTheOthers() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 40; round++) {
            Path place = directory.resolve("round" + round);
            try (SpaceSpool spool = new SpaceSpool(place, SEGMENT, _ -> {})) {
                for (int i = 0; i < WRITES; i++) {
                    spool.write(List.of(("write " + i).getBytes(StandardCharsets.UTF_8)));
                }
            }
            List<Path> files;
            try (Stream<Path> all = Files.list(place)) {
                files = all.filter(file -> file.toString().endsWith(SpoolRecovery.SEGMENT))
                        .toList();
            }
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(file);
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            for (int opening = 0; opening < 2; opening++) {
                List<String> found = new ArrayList<>();
                new SpaceSpool(place, SEGMENT, content -> found.add(new String(content, StandardCharsets.UTF_8)))
                        .close();
                assertThat(found).hasSizeGreaterThanOrEqualTo(WRITES - 1).isSubsetOf(expected(0, WRITES));
                assertThat(SpoolRecovery.damagedPieces(place)).isEqualTo(1);
            }
        }
    }

    @Test
    void reportsAFileThatIsGone() throws IOException {
        fill();
        Files.delete(segments().get(2));
        try (SpaceSpool spool = open()) {
            assertThat(spool.size()).isLessThan(WRITES).isEqualTo(recovered.size());
        }
        assertThat(SpoolRecovery.damagedPieces(directory)).isEqualTo(1);
    }

    @Test
    void leavesAFileOfALaterVersionForAPerson() throws IOException {
        fill();
        Path file = segments().get(1);
        byte[] bytes = Files.readAllBytes(file);
        byte[] header = new byte[Frames.FILE_HEADER];
        Frames.fileHeader(2).get(header);
        System.arraycopy(header, 0, bytes, 0, header.length);
        Files.write(file, bytes);
        open().close();
        Path kept = directory
                .resolve(SpoolRecovery.DAMAGED)
                .resolve(file.getFileName().toString().replace(SpoolRecovery.SEGMENT, "-0.bin"));
        assertThat(kept).hasBinaryContent(bytes);
        assertThat(file).doesNotExist();
    }
}
