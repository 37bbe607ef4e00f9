package engram.memory.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.Filter;
import engram.memory.WriteChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * Compiles filters to Lucene queries that select the memories {@link engram.memory.FilterEvaluation} selects. Every
 * leaf is exact by itself: documents whose value at a place is not indexed carry a mark, and for them the leaf is
 * evaluated on the record.
 */
final class FilterQueries {
    private static final int CLAUSES = 512;

    static {
        // The limits on filters are the API's; Lucene's would refuse what it accepts.
        IndexSearcher.setMaxClauseCount(1 << 20);
    }

    private final RecordCheck record;

    FilterQueries(RecordCheck record) {
        this.record = record;
    }

    Query compile(Filter filter) {
        return switch (filter) {
            case Filter.And and -> all(and.parts().stream().map(this::compile).toList());
            case Filter.Or or -> any(or.parts().stream().map(this::compile).toList());
            case Filter.Not not ->
                new BooleanQuery.Builder()
                        .add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.FILTER)
                        .add(compile(not.part()), BooleanClause.Occur.MUST_NOT)
                        .build();
            case Filter.In in -> leaf(in.field(), in);
            case Filter.Range range -> leaf(range.field(), range);
            case Filter.Contains contains -> leaf(contains.field(), contains);
            case Filter.Exists exists -> leaf(exists.field(), exists);
        };
    }

    private Query leaf(Filter.Field field, Filter leaf) {
        return switch (field) {
            case Filter.Field.Agent() -> name(MemoryDocuments.AGENT, leaf);
            case Filter.Field.Kind() -> name(MemoryDocuments.KIND, leaf);
            case Filter.Field.Tier() -> name(MemoryDocuments.TIER, leaf);
            case Filter.Field.Step() -> number(MemoryDocuments.STEP, leaf);
            case Filter.Field.Time() -> number(MemoryDocuments.TIME, leaf);
            case Filter.Field.Tag(String name) -> member(PayloadPaths.TAGS, List.of(name), leaf);
            case Filter.Field.PayloadPath(List<String> path) -> member(PayloadPaths.PAYLOAD, path, leaf);
        };
    }

    /** A leaf on a field that every memory has one string of. */
    private static Query name(String field, Filter leaf) {
        return switch (leaf) {
            case Filter.In in ->
                new TermInSetQuery(
                        field,
                        in.values().stream()
                                .filter(value -> value.isTextual() && WriteChecks.isWellFormed(value.textValue()))
                                .map(value -> new BytesRef(value.textValue()))
                                .toList());
            case Filter.Contains contains -> new TermPredicateQuery(field, new BytesRef(), textTest(contains));
            case Filter.Exists _ -> MatchAllDocsQuery.INSTANCE;
            default -> MatchNoDocsQuery.INSTANCE;
        };
    }

    private static Query number(String field, Filter leaf) {
        return switch (leaf) {
            case Filter.In in -> {
                List<Query> parts = new ArrayList<>();
                for (JsonNode value : in.values()) {
                    LongRanges.equal(value, leaf)
                            .ifPresent(range -> parts.add(LongField.newRangeQuery(field, range.from(), range.to())));
                }
                yield any(parts);
            }
            case Filter.Range range ->
                LongRanges.of(range)
                        .map(bounds -> LongField.newRangeQuery(field, bounds.from(), bounds.to()))
                        .orElseGet(() -> MatchNoDocsQuery.INSTANCE);
            case Filter.Exists _ -> new FieldExistsQuery(field);
            default -> MatchNoDocsQuery.INSTANCE;
        };
    }

    private Query member(String scope, List<String> path, Filter leaf) {
        String place = PayloadPaths.encode(path);
        if (!PayloadPaths.isIndexed(path.size(), place) || !WriteChecks.isWellFormed(place)) {
            return record.query(term(scope, PayloadPaths.OVERFLOW), leaf);
        }
        if (leaf instanceof Filter.Contains contains && !WriteChecks.isWellFormed(contains.text())) {
            return record.query(term(scope, PayloadPaths.term(PayloadPaths.PRESENT, place)), leaf);
        }
        List<Query> marks = new ArrayList<>();
        marks.add(term(scope, PayloadPaths.OVERFLOW));
        if (!(leaf instanceof Filter.Exists)) {
            marks.add(term(scope, PayloadPaths.term(PayloadPaths.UNINDEXED, place)));
        }
        return any(List.of(indexed(scope, place, leaf), record.query(any(marks), leaf)));
    }

    private static Query indexed(String scope, String place, Filter leaf) {
        return switch (leaf) {
            case Filter.In in -> {
                List<BytesRef> terms = new ArrayList<>();
                List<Double> numbers = new ArrayList<>();
                for (JsonNode value : in.values()) {
                    if (value.isTextual() && PayloadPaths.isIndexed(value.textValue())) {
                        terms.add(PayloadPaths.term(PayloadPaths.TEXT, place, value.textValue()));
                    } else if (value.isBoolean()) {
                        terms.add(PayloadPaths.term(PayloadPaths.FLAG, place, value.booleanValue() ? "t" : "f"));
                    } else if (value.isNumber()) {
                        numbers.add(value.doubleValue() + 0.0);
                    }
                }
                List<Query> parts = new ArrayList<>();
                if (!terms.isEmpty()) {
                    parts.add(new TermInSetQuery(scope, terms));
                }
                if (!numbers.isEmpty()) {
                    parts.add(DoublePoint.newSetQuery(
                            PayloadPaths.numbers(scope, place),
                            numbers.stream().mapToDouble(Double::doubleValue).toArray()));
                }
                yield any(parts);
            }
            case Filter.Range range -> {
                double from = range.from() + 0.0;
                double to = range.to() + 0.0;
                double lower = range.fromInclusive() ? from : DoublePoint.nextUp(from);
                double upper = range.toInclusive() ? to : DoublePoint.nextDown(to);
                boolean empty = lower > upper
                        || (!range.fromInclusive() && from == Double.POSITIVE_INFINITY)
                        || (!range.toInclusive() && to == Double.NEGATIVE_INFINITY);
                yield empty
                        ? MatchNoDocsQuery.INSTANCE
                        : DoublePoint.newRangeQuery(PayloadPaths.numbers(scope, place), lower, upper);
            }
            case Filter.Contains contains ->
                new TermPredicateQuery(scope, PayloadPaths.term(PayloadPaths.TEXT, place), textTest(contains));
            case Filter.Exists _ -> term(scope, PayloadPaths.term(PayloadPaths.PRESENT, place));
            default -> throw new IllegalArgumentException("not a leaf: " + leaf);
        };
    }

    private static Predicate<String> textTest(Filter.Contains contains) {
        String text = contains.text();
        if (!contains.ignoreCase()) {
            return value -> value.contains(text);
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return value -> value.toLowerCase(Locale.ROOT).contains(lower);
    }

    private static Query term(String field, BytesRef term) {
        return new TermQuery(new Term(field, term));
    }

    private static Query all(List<Query> parts) {
        return parts.isEmpty() ? MatchAllDocsQuery.INSTANCE : combine(parts, BooleanClause.Occur.FILTER);
    }

    private static Query any(List<Query> parts) {
        return parts.isEmpty() ? MatchNoDocsQuery.INSTANCE : combine(parts, BooleanClause.Occur.SHOULD);
    }

    private static Query combine(List<Query> parts, BooleanClause.Occur occur) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        if (parts.size() <= CLAUSES) {
            parts.forEach(part -> builder.add(part, occur));
        } else {
            int step = Math.ceilDiv(parts.size(), CLAUSES);
            for (int from = 0; from < parts.size(); from += step) {
                builder.add(combine(parts.subList(from, Math.min(from + step, parts.size())), occur), occur);
            }
        }
        return builder.build();
    }
}
