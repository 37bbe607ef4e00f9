package engram.memory.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** One SQLite connection with its prepared statements. Used by one thread at a time. */
final class Database implements AutoCloseable {
    /** Holds five vectors of 384 numbers, where SQLite's default of 4,096 would hold two and waste a quarter. */
    static final int PAGE_SIZE = 8_192;

    private static final int CHECKPOINT_PAGES = 2_000;
    private static final int BUSY_MILLISECONDS = 10_000;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private Database(Connection connection) {
        this.connection = connection;
    }

    /** The connection that writes; creates the file if it is not there. */
    static Database openWriter(Path file, long sizeLimit) throws SQLException {
        SQLiteConfig config = configuration();
        config.setPageSize(PAGE_SIZE);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        Database database = open(file, config);
        database.execute("PRAGMA wal_autocheckpoint=" + CHECKPOINT_PAGES);
        if (sizeLimit > 0) {
            database.execute("PRAGMA max_page_count=" + Math.max(1, sizeLimit / PAGE_SIZE));
        }
        return database;
    }

    /** A connection that only reads. */
    static Database openReader(Path file) throws SQLException {
        SQLiteConfig config = configuration();
        config.setReadOnly(true);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return open(file, config);
    }

    private static SQLiteConfig configuration() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.setSharedCache(false);
        return config;
    }

    private static Database open(Path file, SQLiteConfig config) throws SQLException {
        Connection connection = new JDBC().connect("jdbc:sqlite:" + file, config.toProperties());
        if (connection == null) {
            throw new SQLException("SQLite refused the address of " + file);
        }
        return new Database(connection);
    }

    /** A statement that is kept for the next time; parameters of earlier uses are still set. */
    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    /** A statement that the caller closes. */
    PreparedStatement prepareUnkept(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    /** Runs a statement without parameters that is not worth keeping. */
    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a kept statement without parameters: the beginning and end of transactions. */
    void executePrepared(String sql) throws SQLException {
        prepare(sql).execute();
    }

    int update(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = prepare(sql);
        bind(statement, parameters);
        return statement.executeUpdate();
    }

    /** All rows of a query. */
    <T> List<T> list(String sql, RowMapper<T> mapper, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = prepare(sql);
        bind(statement, parameters);
        try (ResultSet rows = statement.executeQuery()) {
            List<T> list = new ArrayList<>();
            while (rows.next()) {
                list.add(mapper.map(rows));
            }
            return list;
        }
    }

    /** The first row of a query. */
    <T> Optional<T> first(String sql, RowMapper<T> mapper, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = prepare(sql);
        bind(statement, parameters);
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
        }
    }

    /** The number in the first column of the first row. */
    long number(String sql, @Nullable Object... parameters) throws SQLException {
        return first(sql, rows -> rows.getLong(1), parameters).orElse(0L);
    }

    static void bind(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            bind(statement, i + 1, parameters[i]);
        }
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setNull(index, java.sql.Types.NULL);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setLong(index, number);
            case Boolean flag -> statement.setLong(index, flag ? 1 : 0);
            case Double number -> statement.setDouble(index, number);
            case String text -> statement.setString(index, text);
            case byte[] bytes -> statement.setBytes(index, bytes);
            default -> throw new IllegalArgumentException("no column type for " + value.getClass());
        }
    }

    /** Prepares everything anew: the driver closes a statement that has failed. */
    void forgetStatements() {
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                // It was closed by its failure.
            }
        }
        statements.clear();
    }

    @Override
    public void close() throws SQLException {
        statements.clear();
        connection.close();
    }

    /** Reads one row of a result. */
    interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }
}
