package engram.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import engram.error.InvalidInput;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Frames come back as they were, and whatever else comes is refused as invalid input. */
class FramesPropertiesTest {
    @Property(tries = 500)
    void aFrameComesBackAsItWas(@ForAll("messages") Message message, @ForAll int sequence) {
        ByteBuffer frame = FrameWriter.write(sequence, message);
        FrameReader.Frame read = FrameReader.read(frame);
        assertThat(read.sequence()).isEqualTo(sequence);
        assertThat(read.message())
                .usingRecursiveComparison()
                .withEqualsForType(Double::equals, Double.class)
                .withEqualsForType(Float::equals, Float.class)
                .isEqualTo(message);
        assertThat(FrameWriter.write(sequence, read.message())).isEqualTo(frame);
    }

    @Property(tries = 2000)
    void bytesThatAreChangedOrCutOffAreReadOrRefused(
            @ForAll("messages") Message message, @ForAll Random random, @ForAll boolean cut) {
        byte[] bytes = FrameWriter.write(7, message).array().clone();
        if (cut) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 8));
        }
        for (int i = 0; i < 3 && bytes.length > 0; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        readOrRefused(ByteBuffer.wrap(bytes));
    }

    @Property(tries = 2000)
    void garbageBehindASoundHeaderIsReadOrRefused(@ForAll byte[] body, @ForAll byte kind) {
        readOrRefused(frame((byte) (kind & 7), body));
    }

    @Property(tries = 500)
    void garbageIsRefused(@ForAll byte[] bytes) {
        assertThatThrownBy(() -> FrameReader.read(ByteBuffer.wrap(bytes)))
                .isInstanceOf(InvalidInput.class)
                .hasMessageStartingWith("frame: ");
    }

    /** A session meets the same bytes, and always has an answer. */
    @Property(tries = 500)
    void aSessionAnswersGarbageWithAFrame(@ForAll byte[] body, @ForAll byte kind) {
        EnvironmentSession session = EnvironmentSession.of("CartPole-v1", 2);
        assertThat(FrameReader.read(session.answer(frame((byte) (kind & 7), body)))
                        .message())
                .isInstanceOfAny(
                        Message.Failed.class, Message.Described.class, Message.Answered.class, Message.Close.class);
    }

    /** 2³¹ − 1 rows in 30 bytes. */
    @Test
    void nothingIsAllocatedForWhatAFrameOnlyClaims() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        readOrRefused(frame((byte) 0, new byte[9])); // loads the classes
        for (byte kind :
                new byte[] {FrameWriter.DESCRIBED, FrameWriter.BEGIN, FrameWriter.ADVANCE, FrameWriter.ANSWERED}) {
            for (int claim : new int[] {FrameWriter.MOST_INSTANCES, Bounds.MOST, Integer.MAX_VALUE, -1}) {
                ByteBuffer body = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
                body.putInt(Math.min(claim, FrameWriter.MOST_INSTANCES))
                        .putInt(claim)
                        .putInt(claim);
                ByteBuffer frame = frame(kind, body.array());
                long before = threads.getCurrentThreadAllocatedBytes();
                readOrRefused(frame);
                assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
            }
        }
    }

    @Provide
    Arbitrary<Message> messages() {
        Arbitrary<float[]> low =
                Arbitraries.floats().between(-9, 0).array(float[].class).ofSize(3);
        Arbitrary<float[]> high =
                Arbitraries.floats().between(1, 9).array(float[].class).ofSize(3);
        Arbitrary<ObservationSpace> observations =
                Combinators.combine(low, high).as(ObservationSpace::new);
        Arbitrary<ActionSpace> actions = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 99).map(ActionSpace.Discrete::new),
                Combinators.combine(low, high).as(ActionSpace.Box::new));
        Arbitrary<String> text = Arbitraries.strings().all().ofMaxLength(20).map(FramesPropertiesTest::encodable);
        return Arbitraries.oneOf(
                Arbitraries.just(new Message.Describe()),
                Arbitraries.just(new Message.Close()),
                Combinators.combine(
                                text,
                                Arbitraries.integers().between(0, 99),
                                observations,
                                actions,
                                Arbitraries.integers().between(0, Integer.MAX_VALUE))
                        .as(Message.Described::new),
                Combinators.combine(
                                Arbitraries.of(Message.Reason.values()),
                                Arbitraries.integers().between(0, Integer.MAX_VALUE),
                                text,
                                text)
                        .as(Message.Failed::new),
                Combinators.combine(
                                Arbitraries.integers().between(1, 5),
                                Arbitraries.randoms(),
                                Arbitraries.of(true, false))
                        .as(FramesPropertiesTest::rows));
    }

    private static Message rows(int rows, Random random, boolean flag) {
        byte[] operations = new byte[rows];
        byte[] flags = new byte[rows];
        long[] seeds = new long[rows];
        double[] rewards = new double[rows];
        for (int i = 0; i < rows; i++) {
            operations[i] = (byte) random.nextInt(3);
            flags[i] = (byte) random.nextInt(32);
            seeds[i] = random.nextLong();
            rewards[i] = Double.longBitsToDouble(random.nextLong() | 1);
        }
        float[] values = new float[rows * 3];
        boolean[] masks = new boolean[flag ? rows * 2 : 0];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        for (int i = 0; i < masks.length; i++) {
            masks[i] = random.nextBoolean();
        }
        List<String> infos = random.nextBoolean() ? List.of() : Collections.nCopies(rows, "{\"a\": \"ü\"}");
        return switch (random.nextInt(3)) {
            case 0 -> new Message.Begin(flag, operations, seeds);
            case 1 -> new Message.Advance(flag, operations, values);
            default -> new Message.Answered(flags, rewards, values, masks, infos);
        };
    }

    /** Without halves of characters, which UTF-8 does not have. */
    private static String encodable(String text) {
        return text.codePoints()
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static ByteBuffer frame(byte kind, byte[] body) {
        return ByteBuffer.allocate(FrameWriter.HEADER + body.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(FrameWriter.MAGIC)
                .put(FrameWriter.VERSION)
                .put(kind)
                .putShort((short) 0)
                .putInt(7)
                .putInt(body.length)
                .put(body)
                .flip();
    }

    private static void readOrRefused(ByteBuffer bytes) {
        try {
            FrameReader.read(bytes);
        } catch (InvalidInput refused) {
            assertThat(refused.errors().getFirst().field()).isEqualTo("frame");
        }
    }
}
