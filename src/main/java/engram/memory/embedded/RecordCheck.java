package engram.memory.embedded;

import engram.memory.Filter;
import engram.memory.FilterEvaluation;
import engram.memory.Memory;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;

/** Evaluates conditions on the record for documents that the index does not know enough about. */
final class RecordCheck {
    private final LongFunction<Optional<Memory>> record;

    /** @param record gives the memory of a row, if it is still there */
    RecordCheck(LongFunction<Optional<Memory>> record) {
        this.record = record;
    }

    /** Selects those of {@code candidates} that satisfy {@code condition} by the record. */
    Query query(Query candidates, Filter condition) {
        return new CheckQuery(candidates, condition, record);
    }

    private static final class CheckQuery extends Query {
        private static final float COST = 10_000;

        private final Query candidates;
        private final Filter condition;
        private final LongFunction<Optional<Memory>> record;

        CheckQuery(Query candidates, Filter condition, LongFunction<Optional<Memory>> record) {
            this.candidates = candidates;
            this.condition = condition;
            this.record = record;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // rewriting has ended when the same object comes back
        public Query rewrite(IndexSearcher searcher) throws IOException {
            Query rewritten = candidates.rewrite(searcher);
            return rewritten == candidates ? this : new CheckQuery(rewritten, condition, record);
        }

        @Override
        public Weight createWeight(IndexSearcher searcher, ScoreMode mode, float boost) throws IOException {
            Weight inner = candidates.createWeight(searcher, ScoreMode.COMPLETE_NO_SCORES, 1);
            return new ConstantScoreWeight(this, boost) {
                @Override
                public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
                    Scorer scorer = inner.scorer(context);
                    if (scorer == null) {
                        return null;
                    }
                    NumericDocValues rows = context.reader().getNumericDocValues(MemoryDocuments.ROW);
                    return new DefaultScorerSupplier(
                            new ConstantScoreScorer(score(), mode, new Check(scorer, rows, CheckQuery.this::holds)));
                }

                @Override
                public boolean isCacheable(LeafReaderContext context) {
                    return false;
                }
            };
        }

        private boolean holds(long row) {
            return record.apply(row)
                    .filter(memory -> FilterEvaluation.matches(condition, memory))
                    .isPresent();
        }

        @Override
        public void visit(QueryVisitor visitor) {
            visitor.visitLeaf(this);
        }

        @Override
        public String toString(String field) {
            return "record(" + candidates + ")";
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        private static final class Check extends TwoPhaseIterator {
            private final @Nullable TwoPhaseIterator inner;
            private final NumericDocValues rows;
            private final LongPredicate condition;

            Check(Scorer scorer, NumericDocValues rows, LongPredicate condition) {
                super(
                        scorer.twoPhaseIterator() == null
                                ? scorer.iterator()
                                : scorer.twoPhaseIterator().approximation());
                this.inner = scorer.twoPhaseIterator();
                this.rows = rows;
                this.condition = condition;
            }

            @Override
            public boolean matches() throws IOException {
                return (inner == null || inner.matches())
                        && rows.advanceExact(approximation.docID())
                        && condition.test(rows.longValue());
            }

            @Override
            public float matchCost() {
                return COST;
            }
        }
    }
}
