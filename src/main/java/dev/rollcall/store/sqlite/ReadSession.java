package dev.rollcall.store.sqlite;

import dev.rollcall.store.Epoch;
import dev.rollcall.store.Published;
import dev.rollcall.store.Sql;
import dev.rollcall.users.Change;
import dev.rollcall.users.ChangePage;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** How many users one statement reads at most. */
  static final int USERS_AT_ONCE = 16;

  private final SqliteFile file;
  private final Published published;
  private @Nullable Connection connection;
  private @Nullable PreparedStatement byId;
  private @Nullable PreparedStatement byIds;

  ReadSession(SqliteFile file, Published published) {
    this.file = file;
    this.published = published;
  }

  /**
   * The users with these ids, by one statement, which takes half the time of one for each.
   *
   * @param ids {@link #USERS_AT_ONCE} at most
   */
  Map<Long, User> find(long[] ids) throws SQLException, InterruptedException {
    Map<Long, User> found = new HashMap<>();
    long newest = 0;
    PreparedStatement statement = byIds();
    for (int i = 0; i < USERS_AT_ONCE; i++) {
      // No user has the id 0.
      statement.setLong(i + 1, i < ids.length ? ids[i] : 0);
    }
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        User user = UserRows.read(row);
        found.put(user.id(), user);
        newest = Math.max(newest, user.seq());
      }
    }
    published.await(found.size() < ids.length ? counter("last_seq") : newest);
    return found;
  }

  @Nullable User find(long id) throws SQLException, InterruptedException {
    User user = UserRows.find(byId(), id);
    // A user who is not there may have been deleted; that deletion's seq is not above the newest.
    published.await(user == null ? counter("last_seq") : user.seq());
    return user;
  }

  private PreparedStatement byIds() throws SQLException {
    PreparedStatement statement = byIds;
    if (statement == null) {
      statement = connection().prepareStatement(UserRows.selectByIds(USERS_AT_ONCE));
      byIds = statement;
    }
    return statement;
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
    return Sql.row(
        connection(), row -> row.getString(1), "SELECT hash FROM credentials WHERE id = ?", id);
  }

  /** Reads from the table of users, and throws when that can't be done. */
  void probe() throws SQLException {
    UserRows.find(byId(), 0);
  }

  UserPage list(UserQuery query) throws SQLException, InterruptedException {
    Sql.execute(connection(), "BEGIN");
    long seen = counter("last_seq");
    UserPage page = new UserListing(connection(), query).read();
    Sql.execute(connection(), "COMMIT");
    published.await(seen);
    return page;
  }

  ChangePage changes(long after, int limit) throws SQLException, InterruptedException {
    Sql.execute(connection(), "BEGIN");
    long seen = counter("last_seq");
    boolean gone = after < counter("pruned_seq");
    boolean lost = after > seen || isLost(after);
    List<Change> items = gone || lost ? List.of() : changeRows(after, limit);
    Sql.execute(connection(), "COMMIT");
    if (lost) {
      throw Epoch.lost(after);
    } else if (gone) {
      throw Epoch.pruned(after);
    }
    published.await(seen);
    return new ChangePage(items, items.isEmpty() ? after : items.get(items.size() - 1).seq());
  }

  /** Whether a position is of a time that a restore took back. */
  private boolean isLost(long after) throws SQLException {
    String sql = "SELECT restored FROM epochs WHERE floor > ? ORDER BY floor LIMIT 1";
    Long restored = Sql.row(connection(), row -> row.getLong(1), sql, after);
    return restored != null && restored < after;
  }

  private List<Change> changeRows(long after, int limit) throws SQLException {
    return Sql.page(
        connection(),
        row ->
            new Change(
                row.getLong(1),
                Change.Kind.of(row.getInt(2)),
                row.getLong(3),
                row.getLong(4),
                Instant.ofEpochMilli(row.getLong(5)),
                row.getString(6),
                row.getString(7)),
        change -> change.user() == null ? 0 : change.user().length(),
        "SELECT seq, kind, id, version, at, user, by FROM changes WHERE seq > ? ORDER BY seq LIMIT"
            + " ?",
        after,
        limit);
  }

  private long counter(String column) throws SQLException {
    return Sql.number(connection(), "SELECT " + column + " FROM counters");
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
    byIds = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException | RuntimeException e) {
        LOG.debug("a reader's connection did not close", e);
      }
    }
  }
}
