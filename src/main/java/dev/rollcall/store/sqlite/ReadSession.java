package dev.rollcall.store.sqlite;

import dev.rollcall.base.Failure;
import dev.rollcall.store.Epoch;
import dev.rollcall.store.Published;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's connection, opened when it is first needed and again after an error.
 *
 * <p>Used by one thread at a time. Transactions end with the call, since a long one would keep the
 * write-ahead log from being taken over into the file.
 */
final class ReadSession {
  private static final Logger LOG = LoggerFactory.getLogger(ReadSession.class);

  /** A page ends where its texts exceed this, so that pages of large users stay small. */
  private static final int PAGE_BYTES = 1 << 20;

  private final SqliteFile file;
  private final Published published;
  private @Nullable Connection connection;
  private @Nullable PreparedStatement byId;

  ReadSession(SqliteFile file, Published published) {
    this.file = file;
    this.published = published;
  }

  @Nullable User find(long id) throws SQLException, InterruptedException {
    User user = UserRows.find(byId(), id);
    // Who finds nobody may have seen a deletion; its seq is not above what is read after it.
    published.await(user == null ? counter("last_seq") : user.seq());
    return user;
  }

  private PreparedStatement byId() throws SQLException {
    PreparedStatement statement = byId;
    if (statement == null) {
      statement = connection().prepareStatement(UserRows.SELECT_BY_ID);
      byId = statement;
    }
    return statement;
  }

  @Nullable String passwordHash(long id) throws SQLException {
    try (PreparedStatement select =
        connection().prepareStatement("SELECT hash FROM credentials WHERE id = ?")) {
      select.setLong(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }

  /** Reads from the table of users, and throws when that can't be done. */
  void probe() throws SQLException {
    UserRows.find(byId(), 0);
  }

  UserPage list(UserQuery query) throws SQLException, InterruptedException {
    begin();
    long seen = counter("last_seq");
    UserPage page = new UserListing(connection(), query).read(PAGE_BYTES);
    end();
    published.await(seen);
    return page;
  }

  ChangePage changes(long after, int limit) throws SQLException, InterruptedException {
    begin();
    long seen = counter("last_seq");
    boolean gone = after < counter("pruned_seq");
    boolean lost = after > seen || isLost(after);
    List<Change> items = gone || lost ? List.of() : changeRows(after, limit);
    end();
    if (lost) {
      throw Epoch.lost(after);
    } else if (gone) {
      throw Failure.of(
          Failure.Kind.GONE,
          "changes behind " + after + " are no longer kept; begin again with an export");
    }
    published.await(seen);
    return new ChangePage(items, items.isEmpty() ? after : items.get(items.size() - 1).seq());
  }

  /** Whether a position is of a time that a restore took back. */
  private boolean isLost(long after) throws SQLException {
    try (PreparedStatement select =
        connection()
            .prepareStatement(
                "SELECT restored FROM epochs WHERE floor > ? ORDER BY floor LIMIT 1")) {
      select.setLong(1, after);
      try (ResultSet row = select.executeQuery()) {
        return row.next() && row.getLong(1) < after;
      }
    }
  }

  private List<Change> changeRows(long after, int limit) throws SQLException {
    List<Change> items = new ArrayList<>();
    try (PreparedStatement select =
        connection()
            .prepareStatement(
                "SELECT seq, kind, id, version, at, user FROM changes WHERE seq > ?"
                    + " ORDER BY seq LIMIT ?")) {
      select.setLong(1, after);
      select.setInt(2, limit);
      try (ResultSet rows = select.executeQuery()) {
        int bytes = 0;
        while (bytes < PAGE_BYTES && rows.next()) {
          String user = rows.getString(6);
          bytes += user == null ? 0 : user.length();
          items.add(
              new Change(
                  rows.getLong(1),
                  Change.Kind.of(rows.getInt(2)),
                  rows.getLong(3),
                  rows.getLong(4),
                  Instant.ofEpochMilli(rows.getLong(5)),
                  user));
        }
      }
    }
    return items;
  }

  private long counter(String column) throws SQLException {
    try (Statement statement = connection().createStatement();
        ResultSet row = statement.executeQuery("SELECT " + column + " FROM counters")) {
      return row.getLong(1);
    }
  }

  private void begin() throws SQLException {
    control("BEGIN");
  }

  private void end() throws SQLException {
    control("COMMIT");
  }

  private void control(String sql) throws SQLException {
    try (Statement statement = connection().createStatement()) {
      statement.execute(sql);
    }
  }

  /** The connection, opened where there is none; for reads of single statements. */
  Connection connection() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = file.reader();
      connection = open;
    }
    return open;
  }

  /** Closes the connection, and with it a transaction that is under way. */
  void reset() {
    Connection open = connection;
    connection = null;
    byId = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException | RuntimeException e) {
        LOG.debug("a reader's connection did not close", e);
      }
    }
  }
}
