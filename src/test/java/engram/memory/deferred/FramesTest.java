package engram.memory.deferred;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final int WRITES = 6;
    private final Random random = new Random(seed());

    private static long seed() {
        long seed = Long.getLong("engram.seed", System.nanoTime());
        System.out.println("FramesTest: engram.seed=" + seed);
        return seed;
    }

    @Test
    void findsWhatWasWritten() {
        List<byte[]> contents = contents();
        Frames.Scanned scanned = Frames.scan(file(contents));
        assertThat(scanned.damages()).isEmpty();
        assertThat(contents(file(contents), scanned)).containsExactlyElementsOf(contents);
        assertThat(scanned.frames()).extracting(Frames.Frame::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void keepsEveryWholeWriteOfAFileThatIsCutOffAtAnyByte() {
        List<byte[]> contents = contents();
        byte[] file = file(contents);
        for (int length = 0; length <= file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            Frames.Scanned scanned = Frames.scan(cut);
            int whole = 0;
            int end = Frames.FILE_HEADER;
            while (whole < WRITES && end + Frames.size(contents.get(whole).length) <= length) {
                end += Frames.size(contents.get(whole++).length);
            }
            assertThat(scanned.damages()).as("cut at %d", length).isEmpty();
            assertThat(contents(cut, scanned)).containsExactlyElementsOf(contents.subList(0, whole));
            assertThat(scanned.end()).isEqualTo(length < Frames.FILE_HEADER ? 0 : end);
        }
    }

    @Test
    void reportsAnyByteThatChangesAndKeepsEveryOtherWrite() {
        List<byte[]> contents = contents();
        byte[] file = file(contents);
        for (int at = 0; at < file.length; at++) {
            byte[] flipped = file.clone();
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            Frames.Scanned scanned = Frames.scan(flipped);
            assertThat(scanned.damages()).as("changed at %d", at).hasSize(1);
            Frames.Damage damage = scanned.damages().getFirst();
            assertThat(at).isBetween(damage.from(), damage.to() - 1);
            assertThat(scanned.frames()).hasSize(at < Frames.FILE_HEADER ? WRITES : WRITES - 1);
            for (Frames.Frame frame : scanned.frames()) {
                assertThat(content(flipped, frame)).isEqualTo(contents.get((int) frame.sequence() - 1));
            }
        }
    }

    @Test
    void takesZerosAtTheEndForAnInterruptedWrite() {
        List<byte[]> contents = contents();
        byte[] file = file(contents);
        byte[] longer = Arrays.copyOf(file, file.length + 100);
        Frames.Scanned scanned = Frames.scan(longer);
        assertThat(scanned.damages()).isEmpty();
        assertThat(scanned.frames()).hasSize(WRITES);
        assertThat(scanned.end()).isEqualTo(file.length);
        assertThat(Frames.scan(new byte[100]).end()).isZero();
    }

    @Test
    void survivesAnyBytes() {
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            Frames.Scanned scanned = Frames.scan(bytes);
            assertThat(scanned.frames()).isEmpty();
            assertThat(scanned.end()).isLessThanOrEqualTo(bytes.length);
        }
    }

    @Test
    void tellsAnotherVersion() {
        byte[] file = file(contents());
        System.arraycopy(Frames.fileHeader(2).array(), 0, file, 0, Frames.FILE_HEADER);
        assertThat(Frames.scan(file).version()).isEqualTo(2);
        assertThat(Frames.scan(file).frames()).isEmpty();
    }

    private List<byte[]> contents() {
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            byte[] content = new byte[1 + random.nextInt(60)];
            random.nextBytes(content);
            contents.add(content);
        }
        return contents;
    }

    private static byte[] file(List<byte[]> contents) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        put(file, Frames.fileHeader());
        long sequence = 1;
        for (byte[] content : contents) {
            put(file, Frames.frame(sequence++, content));
        }
        return file.toByteArray();
    }

    private static void put(ByteArrayOutputStream file, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            file.write(bytes.get());
        }
    }

    private static List<byte[]> contents(byte[] file, Frames.Scanned scanned) {
        return scanned.frames().stream().map(frame -> content(file, frame)).toList();
    }

    private static byte[] content(byte[] file, Frames.Frame frame) {
        return Frames.content(Arrays.copyOfRange(file, frame.offset(), frame.offset() + Frames.size(frame.content())));
    }
}
