package engram.memory.embedded;

import java.util.function.Predicate;
import org.apache.lucene.index.FilteredTermsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.util.AttributeSource;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/** Selects the documents with a term that begins with a prefix and whose rest satisfies a condition. */
final class TermPredicateQuery extends MultiTermQuery {
    private final BytesRef prefix;
    private final Predicate<String> condition;

    TermPredicateQuery(String field, BytesRef prefix, Predicate<String> condition) {
        super(field, CONSTANT_SCORE_BLENDED_REWRITE);
        this.prefix = prefix;
        this.condition = condition;
    }

    @Override
    protected TermsEnum getTermsEnum(Terms terms, AttributeSource attributes) throws java.io.IOException {
        return new FilteredTermsEnum(terms.iterator()) {
            {
                setInitialSeekTerm(prefix);
            }

            @Override
            protected AcceptStatus accept(BytesRef term) {
                if (!StringHelper.startsWith(term, prefix)) {
                    return AcceptStatus.END;
                }
                String value = new BytesRef(term.bytes, term.offset + prefix.length, term.length - prefix.length)
                        .utf8ToString();
                return condition.test(value) ? AcceptStatus.YES : AcceptStatus.NO;
            }
        };
    }

    @Override
    public String toString(String field) {
        return "terms of " + field;
    }

    @Override
    public void visit(QueryVisitor visitor) {
        visitor.visitLeaf(this);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
