package dev.rollcall.store.sqlite;

import dev.rollcall.store.FeedSize;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The row of counters: the seq and the id that the writer has got to, and how many bytes the feed
 * has, see {@link FeedSize}. Ids that were in use are looked up here as well.
 *
 * <p>Belongs to one transaction at a time, on the writer's thread; after a failed transaction it is
 * read anew.
 */
final class Counters {
  private final PreparedStatement taken;
  private final PreparedStatement retire;
  private final PreparedStatement save;
  private final long lastSeq;
  private final long nextId;
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

  /** The newest seq when this was opened. */
  long lastSeq() {
    return lastSeq;
  }

  /** The next id to be assigned when this was opened. */
  long nextId() {
    return nextId;
  }

  /** Whether somebody has an id, or had a retired one. */
  boolean isUsed(long id) throws SQLException {
    taken.setLong(1, id);
    try (ResultSet row = taken.executeQuery()) {
      return row.getBoolean(1);
    }
  }

  /** Takes note of the id of a deleted user. */
  void retire(long id) throws SQLException {
    retire.setLong(1, id);
    retire.executeUpdate();
  }

  /** Writes the numbers into the transaction. */
  void save(long newestSeq, long nextFreeId) throws SQLException {
    save.setLong(1, newestSeq);
    save.setLong(2, nextFreeId);
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
