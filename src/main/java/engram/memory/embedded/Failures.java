package engram.memory.embedded;

import engram.error.Damaged;
import engram.error.EngramException;
import engram.error.StorageFull;
import engram.error.Unavailable;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of SQLite means to a caller. */
final class Failures {
    private static final int PRIMARY_CODE = 0xFF;

    private Failures() {}

    static EngramException reading(String space, SQLException failure) {
        return isDamage(failure)
                ? damaged(space, failure)
                : new Unavailable(
                        "the record of space '" + space + "' cannot be read: " + failure.getMessage(),
                        Duration.ofSeconds(1),
                        failure);
    }

    static EngramException writing(String space, SQLException failure) {
        if (isDamage(failure)) {
            return damaged(space, failure);
        }
        if (isOneOf(failure, SQLiteErrorCode.SQLITE_FULL, SQLiteErrorCode.SQLITE_IOERR)) {
            return new StorageFull(
                    "the record of space '" + space + "' cannot grow: the disk or the size limit is full", failure);
        }
        return new Unavailable(
                "the record of space '" + space + "' cannot be written: " + failure.getMessage(),
                Duration.ofSeconds(1),
                failure);
    }

    /** The failure of copying a record: of the original, or of where the copy goes. */
    static EngramException copying(String space, SQLException failure) {
        return isOneOf(failure, SQLiteErrorCode.SQLITE_FULL)
                ? new StorageFull("the copy of space '" + space + "' cannot be written: the disk is full", failure)
                : reading(space, failure);
    }

    static EngramException files(String what, IOException failure) {
        return StorageFull.isTold(failure)
                ? new StorageFull(what + ": the disk is full", failure)
                : new Unavailable(what + ": " + failure.getMessage(), Duration.ofSeconds(5), failure);
    }

    /** Whether SQLite may have rolled the whole transaction back by itself. */
    static boolean endsTransaction(SQLException failure) {
        return isOneOf(
                failure,
                SQLiteErrorCode.SQLITE_FULL,
                SQLiteErrorCode.SQLITE_IOERR,
                SQLiteErrorCode.SQLITE_NOMEM,
                SQLiteErrorCode.SQLITE_BUSY,
                SQLiteErrorCode.SQLITE_CORRUPT,
                SQLiteErrorCode.SQLITE_INTERRUPT);
    }

    static boolean isDamage(SQLException failure) {
        return isOneOf(failure, SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB);
    }

    private static Damaged damaged(String space, SQLException failure) {
        return new Damaged(
                "the record of space '" + space + "' is damaged: " + failure.getMessage()
                        + "; the repair command puts it right",
                failure);
    }

    private static boolean isOneOf(SQLException failure, SQLiteErrorCode... codes) {
        if (!(failure instanceof SQLiteException sqlite)) {
            return false;
        }
        int primary = sqlite.getResultCode().code & PRIMARY_CODE;
        for (SQLiteErrorCode code : codes) {
            if (primary == code.code) {
                return true;
            }
        }
        return false;
    }
}
