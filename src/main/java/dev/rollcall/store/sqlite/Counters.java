package dev.rollcall.store.sqlite;

import dev.rollcall.store.FeedSize;
import dev.rollcall.store.WriteApplication;
import dev.rollcall.users.Decision;
import dev.rollcall.users.User;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The numbers that the writer gives out: seqs, and ids for users who bring none; and how many bytes
 * the feed has, see {@link FeedSize}.
 *
 * <p>An assigned id was never used before, by nobody. Below {@link WriteApplication#RAISING_BOUND}
 * that is simple: the counter is always above every id that was ever used there, since a client's
 * own id raises it. From there on it is not raised, or a single client that asks for the largest id
 * would exhaust all ids at once; instead the counter skips what is in use, and what was in use by a
 * user who is deleted by now ({@code retired_ids}).
 *
 * <p>Belongs to one transaction at a time, on the writer's thread; after a failed transaction it is
 * read anew.
 */
final class Counters {
  private final PreparedStatement taken;
  private final PreparedStatement retire;
  private final PreparedStatement save;
  private long lastSeq;
  private long nextId;
  private long feedBytes;
  private long committedFeedBytes;

  Counters(Connection connection) throws SQLException {
    taken =
        connection.prepareStatement(
            "SELECT EXISTS (SELECT 1 FROM users WHERE id = ?1)"
                + " OR EXISTS (SELECT 1 FROM retired_ids WHERE id = ?1)");
    retire = connection.prepareStatement("INSERT OR IGNORE INTO retired_ids VALUES (?)");
    save =
        connection.prepareStatement(
            "UPDATE counters SET last_seq = ?, next_id = ?, feed_bytes = ?");
    try (PreparedStatement load =
            connection.prepareStatement("SELECT last_seq, next_id, feed_bytes FROM counters");
        ResultSet row = load.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the table of counters is empty");
      }
      lastSeq = row.getLong(1);
      nextId = row.getLong(2);
      feedBytes = row.getLong(3);
      committedFeedBytes = feedBytes;
    }
  }

  long lastSeq() {
    return lastSeq;
  }

  long nextId() {
    return nextId;
  }

  long nextSeq() {
    return ++lastSeq;
  }

  /** An id that no user ever had. */
  long assignId() throws SQLException {
    while (nextId >= WriteApplication.RAISING_BOUND && isTaken(nextId)) {
      nextId++;
    }
    if (nextId > User.MAX_ID) {
      throw Decision.noIdLeft();
    }
    return nextId++;
  }

  private boolean isTaken(long id) throws SQLException {
    taken.setLong(1, id);
    try (ResultSet row = taken.executeQuery()) {
      return row.getBoolean(1);
    }
  }

  /** Takes note of an id that a client brought for a new user. */
  void used(long id) {
    if (id < WriteApplication.RAISING_BOUND) {
      nextId = Math.max(nextId, id + 1);
    }
  }

  /** Takes note of the id of a deleted user. */
  void freed(long id) throws SQLException {
    if (id >= nextId) {
      retire.setLong(1, id);
      retire.executeUpdate();
    }
  }

  /** Writes the numbers into the transaction. */
  void save() throws SQLException {
    save.setLong(1, lastSeq);
    save.setLong(2, nextId);
    save.setLong(3, feedBytes);
    save.executeUpdate();
  }

  /** Takes note of what the feed has more, or less. */
  void feedGrew(long bytes) {
    feedBytes += bytes;
  }

  /** How many bytes the feed has. */
  long feedBytes() {
    return feedBytes;
  }

  /**
   * The transaction is committed.
   *
   * @return by how many bytes the feed grew by it; 0 where it shrank
   */
  long committed() {
    long grown = feedBytes - committedFeedBytes;
    committedFeedBytes = feedBytes;
    return Math.max(0, grown);
  }

  /** The transaction is lost. Seqs and ids that it took are not given out again. */
  void rolledBack() {
    feedBytes = committedFeedBytes;
  }
}
