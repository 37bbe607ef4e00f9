package engram.memory.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.FilterEvaluation;
import engram.memory.Memory;
import engram.memory.Tier;
import engram.memory.WriteChecks;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/**
 * Makes documents of memories: one vector field a tier and the fields that filters look at. What would make an index
 * heavy (long strings, long arrays, very many members) is marked instead, and filters then look it up in the record.
 * Thread-safe.
 */
final class MemoryDocuments {
    static final String ROW = "row";
    static final String SEQUENCE = "sequence";
    static final String AGENT = "agent";
    static final String KIND = "kind";
    static final String TIER = "tier";
    static final String STEP = "step";
    static final String TIME = "time";

    /** Beyond this, a whole number is not told from its neighbours by a double. */
    static final long EXACT = 1L << 53;

    private static final int MOST_VALUES = 200;
    private static final int LONGEST_ARRAY = 16;

    private final int mostNumberFields;
    private final Set<String> numberFields = ConcurrentHashMap.newKeySet();

    /** @param known the number fields that the index has already */
    MemoryDocuments(int mostNumberFields, Set<String> known) {
        this.mostNumberFields = mostNumberFields;
        numberFields.addAll(known);
    }

    static Term rowTerm(long row) {
        return new Term(
                ROW, new BytesRef(ByteBuffer.allocate(Long.BYTES).putLong(row).array()));
    }

    static String vectorField(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    Document document(long row, Memory memory, float[] vector) {
        Document document = new Document();
        document.add(new StringField(ROW, rowTerm(row).bytes(), Field.Store.NO));
        document.add(new NumericDocValuesField(ROW, row));
        document.add(new NumericDocValuesField(SEQUENCE, memory.sequence()));
        document.add(new KnnFloatVectorField(vectorField(memory.tier()), vector, VectorSimilarityFunction.EUCLIDEAN));
        document.add(new StringField(AGENT, memory.agent(), Field.Store.NO));
        document.add(new StringField(KIND, memory.kind().jsonName(), Field.Store.NO));
        document.add(new StringField(TIER, memory.tier().name(), Field.Store.NO));
        document.add(new LongField(TIME, memory.time().toEpochMilli(), Field.Store.NO));
        Long step = memory.step();
        if (step != null) {
            document.add(new LongField(STEP, step, Field.Store.NO));
        }
        new Members(document, PayloadPaths.PAYLOAD).addObject(memory.payload().tree(), PayloadPaths.root(), 0);
        new Members(document, PayloadPaths.TAGS).addObject(memory.tags().tree(), PayloadPaths.root(), 0);
        return document;
    }

    private boolean hasNumberField(String field) {
        if (numberFields.contains(field)) {
            return true;
        }
        return numberFields.size() < mostNumberFields && numberFields.add(field);
    }

    /** Adds the members of one JSON object to a document. */
    private final class Members {
        private final Document document;
        private final String scope;
        private final Set<BytesRef> terms = new HashSet<>();
        private int values;

        Members(Document document, String scope) {
            this.document = document;
            this.scope = scope;
        }

        void addObject(JsonNode object, String place, int depth) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                if (!member.getValue().isNull()) {
                    add(member.getValue(), PayloadPaths.child(place, member.getKey()), depth + 1);
                }
            }
        }

        private void add(JsonNode node, String place, int depth) {
            if (++values > MOST_VALUES || !PayloadPaths.isIndexed(depth, place) || !WriteChecks.isWellFormed(place)) {
                addTerm(PayloadPaths.OVERFLOW);
                return;
            }
            List<JsonNode> scalars = FilterEvaluation.scalars(node);
            if (scope.equals(PayloadPaths.PAYLOAD) || !scalars.isEmpty()) {
                addTerm(PayloadPaths.term(PayloadPaths.PRESENT, place));
            }
            if (node.isObject()) {
                addObject(node, place, depth);
                return;
            }
            if (node.isArray() && node.size() > LONGEST_ARRAY) {
                addTerm(PayloadPaths.term(PayloadPaths.UNINDEXED, place));
                return;
            }
            scalars.forEach(scalar -> addScalar(scalar, place));
        }

        private void addScalar(JsonNode scalar, String place) {
            if (scalar.isTextual() && PayloadPaths.isIndexed(scalar.textValue())) {
                addTerm(PayloadPaths.term(PayloadPaths.TEXT, place, scalar.textValue()));
            } else if (scalar.isBoolean()) {
                addTerm(PayloadPaths.term(PayloadPaths.FLAG, place, scalar.booleanValue() ? "t" : "f"));
            } else if (isExact(scalar) && hasNumberField(PayloadPaths.numbers(scope, place))) {
                // Adding zero turns −0.0, which points order before 0.0, into 0.0.
                document.add(new DoublePoint(PayloadPaths.numbers(scope, place), scalar.doubleValue() + 0.0));
            } else {
                addTerm(PayloadPaths.term(PayloadPaths.UNINDEXED, place));
            }
        }

        private boolean isExact(JsonNode scalar) {
            if (!scalar.isNumber()) {
                return false;
            }
            if (!scalar.isIntegralNumber()) {
                return scalar.isDouble() || scalar.isFloat();
            }
            return scalar.canConvertToLong() && Math.abs(scalar.longValue()) < EXACT && scalar.longValue() > -EXACT;
        }

        private void addTerm(BytesRef term) {
            if (terms.add(term)) {
                document.add(new StringField(scope, term, Field.Store.NO));
            }
        }
    }
}
