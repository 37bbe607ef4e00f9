package engram.memory.embedded;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import engram.tensor.kernel.NativeKernels;
import org.apache.lucene.codecs.hnsw.DefaultFlatVectorScorer;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;

/**
 * What is different of Lucene in a native binary, which has no Vector API: loops instead, those linked into the binary
 * where it has them. The compiler of binaries reads this; a JVM never loads it.
 */
final class LuceneInBinary {
    private LuceneInBinary() {}

    /** The scorer of the vectors of a segment. */
    static FlatVectorsScorer scorer() {
        return NativeKernels.ARE_LINKED ? new KernelVectorsScorer() : DefaultFlatVectorScorer.INSTANCE;
    }
}

@TargetClass(className = "org.apache.lucene.internal.vectorization.DefaultVectorizationProvider")
final class PlainVectorization {
    @Alias
    PlainVectorization() {}
}

@TargetClass(className = "org.apache.lucene.internal.vectorization.VectorizationProvider")
final class Vectorization {
    /** Looks for the Vector API no more, which would put a class into the binary that it cannot link. */
    @Substitute
    static Vectorization lookup(boolean testMode) {
        return (Vectorization) (Object) new PlainVectorization();
    }
}

@TargetClass(FlatVectorScorerUtil.class)
final class VectorScorers {
    @Substitute
    public static FlatVectorsScorer getLucene99FlatVectorsScorer() {
        return LuceneInBinary.scorer();
    }
}
