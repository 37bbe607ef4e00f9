package engram.memory.embedded;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.graalvm.word.Pointer;
import org.graalvm.word.WordFactory;

/**
 * How a native binary reads numbers from mapped files. The JDK reads by a handle for variables, which a binary interprets
 * where it does not know the layout while it is built, as in Lucene: 170 ns a number. Here the same checks are followed by
 * a plain load: 10 ns. What is not native memory, another order of bytes or not aligned goes the JDK's way. The compiler
 * of binaries reads this; a JVM never loads it.
 */
@TargetClass(className = "jdk.internal.foreign.AbstractMemorySegmentImpl")
final class MappedReadsInBinary {
    @Alias
    native MemorySession sessionImpl();

    @Alias
    native void checkAccess(long offset, long length, boolean readOnly);

    @Alias
    native long unsafeGetOffset();

    @Alias
    native boolean isNative();

    @Substitute
    public byte get(ValueLayout.OfByte layout, long offset) {
        return PlainReads.canRead(this, layout, offset)
                ? PlainReads.at(this, layout, offset).readByte(0)
                : (byte) layout.varHandle().get((MemorySegment) (Object) this, offset);
    }

    @Substitute
    public short get(ValueLayout.OfShort layout, long offset) {
        return PlainReads.canRead(this, layout, offset)
                ? PlainReads.at(this, layout, offset).readShort(0)
                : (short) layout.varHandle().get((MemorySegment) (Object) this, offset);
    }

    @Substitute
    public int get(ValueLayout.OfInt layout, long offset) {
        return PlainReads.canRead(this, layout, offset)
                ? PlainReads.at(this, layout, offset).readInt(0)
                : (int) layout.varHandle().get((MemorySegment) (Object) this, offset);
    }

    @Substitute
    public long get(ValueLayout.OfLong layout, long offset) {
        return PlainReads.canRead(this, layout, offset)
                ? PlainReads.at(this, layout, offset).readLong(0)
                : (long) layout.varHandle().get((MemorySegment) (Object) this, offset);
    }

    @Substitute
    public float get(ValueLayout.OfFloat layout, long offset) {
        return PlainReads.canRead(this, layout, offset)
                ? PlainReads.at(this, layout, offset).readFloat(0)
                : (float) layout.varHandle().get((MemorySegment) (Object) this, offset);
    }
}

@TargetClass(className = "jdk.internal.foreign.MemorySessionImpl")
final class MemorySession {
    @Alias
    native void checkValidState();
}

/** Reads without a handle. */
final class PlainReads {
    private PlainReads() {}

    static boolean canRead(MappedReadsInBinary segment, ValueLayout layout, long offset) {
        return segment.isNative()
                && layout.order() == ByteOrder.nativeOrder()
                && (segment.unsafeGetOffset() + offset & layout.byteAlignment() - 1) == 0;
    }

    /** Where to read, after the checks that the place lies inside and that the memory is still there for this thread. */
    static Pointer at(MappedReadsInBinary segment, ValueLayout layout, long offset) {
        segment.checkAccess(offset, layout.byteSize(), true);
        segment.sessionImpl().checkValidState();
        return WordFactory.pointer(segment.unsafeGetOffset() + offset);
    }
}
