package dev.rollcall.store.sqlite;

import dev.rollcall.base.Failure;
import dev.rollcall.store.FeedSize;
import dev.rollcall.store.Published;
import dev.rollcall.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Keeps the writer's session, and replaces it after an error.
 *
 * <pre>
 *   open ── error ──▶ closed ── 0.1 s, or a write later than that ──▶ open
 *                       └── meanwhile each write fails at once, as not written
 * </pre>
 *
 * <p>Used by the writer's thread alone.
 */
final class WriterConnection {
  private static final Logger LOG = LoggerFactory.getLogger(WriterConnection.class);
  private static final String INTERNAL = "internal error";
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long writes may wait while the log is emptied. */
  private static final int LOG_MILLIS = 250;

  private final SqliteFile file;
  private final int userLimit;
  private final UserCache cache;
  private final Published published;
  private final FeedSize size;
  private @Nullable WriteSession session;
  private boolean committing;
  private long committedBefore;
  private String trouble = "";
  private long retryAt;

  WriterConnection(
      SqliteFile file, int userLimit, UserCache cache, Published published, FeedSize size)
      throws SQLException {
    this.file = file;
    this.userLimit = userLimit;
    this.cache = cache;
    this.published = published;
    this.size = size;
    this.session = open();
  }

  private WriteSession open() throws SQLException {
    WriteSession opened = new WriteSession(file, userLimit, size);
    if (opened.committedSeq() > published.seq()) {
      // What an earlier run or an open commit left behind is readable from now on. The cache may
      // have loaded older states while the fate of that commit was open.
      cache.clear();
      published.advance(opened.committedSeq());
    }
    return opened;
  }

  /**
   * The session to write with, opened anew where the last one failed.
   *
   * @throws Failure while it is too early to try again
   */
  WriteSession session() throws SQLException {
    if (session == null) {
      if (System.nanoTime() - retryAt < 0) {
        throw notWritten();
      }
      session = open();
    }
    return session;
  }

  /** Empties the log over a connection of its own, and holds up the writer for little. */
  static Void emptyLog(SqliteFile file) throws SQLException {
    try (Connection connection = file.writer()) {
      Sql.execute(connection, "PRAGMA busy_timeout = " + LOG_MILLIS);
      Sql.number(connection, "PRAGMA wal_checkpoint(PASSIVE)"); // The most of it, beside writes.
      if (Sql.number(connection, "PRAGMA wal_checkpoint(TRUNCATE)") != 0) {
        throw unavailable("the log of the database is in use, as by a backup");
      }
    }
    return null;
  }

  /** Begins a transaction. */
  WriteSession begin() throws SQLException {
    committing = false;
    WriteSession open = session();
    committedBefore = open.committedSeq();
    open.begin();
    return open;
  }

  /** Commits; should anything fail from here on, the outcome must be looked up. */
  void commit() throws SQLException {
    committing = true;
    boolean wrote = session().commit();
    // What wrote nothing, such as a look for a job, does not show that writing works.
    if (wrote && !trouble.isEmpty()) {
      LOG.info("the store takes writes again");
      trouble = "";
    }
  }

  /** Prunes the feed, see {@link WriteSession#prune}. */
  boolean prune(Instant before) throws SQLException {
    committing = false;
    return session().prune(before);
  }

  /**
   * Gives up a transaction after a fault of ours. The session goes on where nothing but the
   * transaction is lost, so that whoever causes such faults does not keep the others from writing.
   *
   * @return what the callers of the batch are told
   */
  Failure broken(RuntimeException fault) {
    LOG.error("the writer failed", fault);
    WriteSession open = session;
    if (open != null && !committing && rolledBack(open)) {
      return unavailable("not written: " + INTERNAL);
    }
    return failed(new SQLException(INTERNAL, fault));
  }

  private static boolean rolledBack(WriteSession open) {
    try {
      open.rollBack();
      return true;
    } catch (SQLException e) {
      LOG.debug("a transaction can't be rolled back", e);
      return false;
    }
  }

  /** Gives up what is under way, if anything, after a fault of ours that was told already. */
  void abandon() {
    WriteSession open = session;
    if (open != null && (committing || !rolledBack(open))) {
      failed(new SQLException(INTERNAL));
    }
  }

  /** Whether a fault is ours, so that it will be the same the next time. */
  static boolean isOurs(Exception fault) {
    if (fault instanceof SQLiteException sqlite) {
      return switch (primary(sqlite)) {
        case SQLITE_ERROR, SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE -> true;
        default -> false;
      };
    }
    return fault instanceof RuntimeException;
  }

  /**
   * Gives up the session after an error, or the transaction alone where that is enough.
   *
   * @return what the callers of the batch are told: whether their writes are lost or their fate
   *     open
   */
  Failure failed(SQLException e) {
    String reason = SqliteFile.reason(e);
    WriteSession open = session;
    if (open != null && !committing && isOurs(e) && rolledBack(open)) {
      LOG.error("writing failed: {}", reason, e);
      return unavailable("not written: " + reason);
    }
    if (!reason.equals(trouble)) {
      LOG.warn("writing failed: {}", reason, e);
    }
    trouble = reason;
    retryAt = System.nanoTime() + PAUSE_NANOS;
    WriteSession failed = session;
    session = null;
    if (failed == null) {
      return notWritten();
    }
    for (WriteSession.Effect effect : failed.takeEffects()) {
      cache.forget(effect.id());
    }
    closeQuietly(failed);
    return committing && mayHaveCommitted(e)
        ? unavailable("outcome-unknown: " + reason)
        : notWritten();
  }

  /** Whether a commit that reported an error may have reached the file. */
  private boolean mayHaveCommitted(SQLException e) {
    try {
      session = open();
      // The log may hold the whole commit though its sync, or the log's index, could not be
      // written: then it isn't visible now, but the next process would find it.
      return session.committedSeq() > committedBefore || isInputOutput(e);
    } catch (SQLException again) {
      LOG.debug("the store can't be opened yet", again);
      return true;
    }
  }

  private static boolean isInputOutput(SQLException e) {
    return e instanceof SQLiteException sqlite && primary(sqlite) == SQLiteErrorCode.SQLITE_IOERR;
  }

  private static SQLiteErrorCode primary(SQLiteException e) {
    // The low byte of an extended code is the code that it belongs to.
    return SQLiteErrorCode.getErrorCode(e.getResultCode().code & 0xFF);
  }

  private Failure notWritten() {
    return unavailable("not written: " + trouble);
  }

  private static Failure unavailable(String detail) {
    return Failure.of(Failure.Kind.UNAVAILABLE, detail);
  }

  private static void closeQuietly(WriteSession session) {
    try {
      session.close();
    } catch (SQLException e) {
      LOG.debug("a failed session did not close", e);
    }
  }

  /** Closes the session for good; SQLite moves the log into the file then. */
  void close() {
    if (session != null) {
      closeQuietly(session);
    }
  }
}
