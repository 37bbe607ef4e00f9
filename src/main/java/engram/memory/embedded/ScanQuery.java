package engram.memory.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import engram.memory.Filter;
import engram.memory.FilterEvaluation;
import engram.memory.Kind;
import engram.memory.Memory;
import engram.memory.Scan;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a scan as SQL. The outermost conditions on agent, kind, tier, time and step narrow the query by bound
 * parameters; the whole filter is evaluated on what it returns.
 */
final class ScanQuery {
    private static final int MOST_VALUES = 200;

    private final Scan scan;
    private final StringBuilder where = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();
    private boolean oneAgent;

    ScanQuery(Scan scan) {
        this.scan = scan;
        narrow(scan.filter());
    }

    /** @param budget how many rows are looked at at most */
    Scan.Page run(Database database, int budget) throws SQLException {
        PreparedStatement statement = database.prepare(sql());
        Database.bind(statement, parameters.toArray());
        List<Memory> memories = new ArrayList<>();
        Scan.Position last = scan.after();
        int examined = 0;
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                if (memories.size() == scan.limit() || examined == budget) {
                    return new Scan.Page(memories, last);
                }
                examined++;
                last = new Scan.Position(Instant.ofEpochMilli(rows.getLong(6)), rows.getString(2));
                MemoryRow found = RecordReader.undamaged(rows);
                if (found != null && FilterEvaluation.matches(scan.filter(), found.memory())) {
                    memories.add(found.memory());
                }
            }
        }
        return new Scan.Page(memories, null);
    }

    private String sql() {
        String direction = scan.newestFirst() ? " DESC" : "";
        Scan.Position after = scan.after();
        if (after != null) {
            where.append(scan.newestFirst() ? " AND (time, id) < (?, ?)" : " AND (time, id) > (?, ?)");
            parameters.add(after.time().toEpochMilli());
            parameters.add(after.id());
        }
        return "SELECT " + MemoryRow.COLUMNS + " FROM memories INDEXED BY "
                + (oneAgent ? "memories_agent" : "memories_time") + " WHERE true" + where
                + " ORDER BY time" + direction + ", id" + direction;
    }

    private void narrow(Filter filter) {
        switch (filter) {
            case Filter.And and -> and.parts().forEach(this::narrow);
            case Filter.In in -> {
                switch (in.field()) {
                    case Filter.Field.Agent() -> agents(in);
                    case Filter.Field.Kind() -> names("kind", in, ScanQuery::kindName);
                    case Filter.Field.Tier() -> names("tier", in, Function.identity());
                    default -> {}
                }
            }
            case Filter.Range range -> {
                switch (range.field()) {
                    case Filter.Field.Time() -> bounds("time", range);
                    case Filter.Field.Step() -> bounds("step", range);
                    default -> {}
                }
            }
            default -> {}
        }
    }

    private void agents(Filter.In in) {
        oneAgent |= names("agent", in, Function.identity()) == 1;
    }

    /** Returns how many values the column was narrowed to, or none if it was not. */
    private int names(String column, Filter.In in, Function<String, String> name) {
        List<String> values = in.values().stream()
                .filter(JsonNode::isTextual)
                .map(value -> name.apply(value.textValue()))
                .toList();
        if (values.size() > MOST_VALUES) {
            return 0;
        }
        where.append(" AND ")
                .append(column)
                .append(" IN (")
                .append(String.join(",", Collections.nCopies(values.size(), "?")))
                .append(')');
        parameters.addAll(values);
        return values.size();
    }

    /** The name of a kind in the record; of no kind where the JSON name is none. */
    private static String kindName(String jsonName) {
        for (Kind kind : Kind.values()) {
            if (kind.jsonName().equals(jsonName)) {
                return kind.name();
            }
        }
        return "";
    }

    private void bounds(String column, Filter.Range range) {
        LongRanges.of(range)
                .ifPresentOrElse(
                        bounds -> {
                            where.append(" AND ").append(column).append(" BETWEEN ? AND ?");
                            parameters.add(bounds.from());
                            parameters.add(bounds.to());
                        },
                        () -> where.append(" AND false"));
    }
}
