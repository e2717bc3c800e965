package dev.rollcall.store.sqlite;

import dev.rollcall.store.FeedSize;
import dev.rollcall.store.RecordedWrite;
import dev.rollcall.store.Sql;
import dev.rollcall.users.Change;
import dev.rollcall.users.UserWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The change feed as the writer sees it: appending, erasing, finding what an op recorded, pruning.
 *
 * <p>Belongs to one connection, on the writer's thread.
 */
final class FeedRows {
  private final PreparedStatement append;
  private final PreparedStatement erase;
  private final PreparedStatement byOp;
  private final PreparedStatement held;
  private final PreparedStatement oldest;
  private final PreparedStatement prune;
  private final PreparedStatement pruned;

  FeedRows(Connection connection) throws SQLException {
    append = connection.prepareStatement("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    erase =
        connection.prepareStatement(
            "UPDATE changes SET user = NULL WHERE id = ? AND user IS NOT NULL");
    byOp = connection.prepareStatement("SELECT kind, user, seq, content FROM changes WHERE op = ?");
    // Its length stands at the beginning of a row: nothing but that is read of a large one.
    held =
        connection.prepareStatement(
            "SELECT coalesce(sum(octet_length(user)), 0) FROM changes"
                + " WHERE id = ? AND user IS NOT NULL");
    oldest =
        connection.prepareStatement(
            "SELECT seq, at, coalesce(octet_length(user), 0) + "
                + FeedSize.ROW
                + " FROM changes ORDER BY seq LIMIT "
                + FeedSize.STEP_ROWS);
    prune = connection.prepareStatement("DELETE FROM changes WHERE seq <= ?");
    pruned = connection.prepareStatement("UPDATE counters SET pruned_seq = ?");
  }

  /** Appends what a write did to a user. */
  void append(Change change, UserWrite by) throws SQLException {
    append.setLong(1, change.seq());
    append.setInt(2, change.kind().code());
    append.setLong(3, change.id());
    append.setLong(4, change.version());
    append.setLong(5, change.at().toEpochMilli());
    append.setString(6, change.user());
    UUID op = by.op();
    if (op == null) {
      append.setNull(7, Types.BLOB);
      append.setNull(8, Types.INTEGER);
    } else {
      append.setBytes(7, Sql.bytes(op));
      append.setLong(8, RecordedWrite.digest(by));
    }
    append.setString(9, change.by());
    append.executeUpdate();
  }

  /**
   * Takes a deleted user's content out of the feed.
   *
   * @return how many bytes that were
   */
  long erase(long id) throws SQLException {
    held.setLong(1, id);
    long bytes;
    try (ResultSet row = held.executeQuery()) {
      bytes = row.getLong(1);
    }
    erase.setLong(1, id);
    erase.executeUpdate();
    return bytes;
  }

  /** What an earlier write under the same op did; null when there was none. */
  @Nullable RecordedWrite recorded(UUID op) throws SQLException {
    byOp.setBytes(1, Sql.bytes(op));
    try (ResultSet row = byOp.executeQuery()) {
      return row.next()
          ? new RecordedWrite(
              Change.Kind.of(row.getInt(1)), row.getString(2), row.getLong(3), row.getLong(4))
          : null;
    }
  }

  /**
   * What a pruning has found.
   *
   * @param upTo the newest change that goes; 0 where none does
   * @param bytes how many bytes go
   * @param left how many bytes are left, where that was seen; else -1
   */
  record Pruned(long upTo, long bytes, long left) {}

  /**
   * Removes the oldest changes that are older than a time, and as many as make up some bytes, some
   * at a time.
   *
   * @param excess how many bytes go at least; the newest change is not taken for that
   */
  Pruned prune(Instant before, long excess) throws SQLException {
    Pruned found = expired(before.toEpochMilli(), excess);
    if (found.upTo() > 0) {
      prune.setLong(1, found.upTo());
      prune.executeUpdate();
      pruned.setLong(1, found.upTo());
      pruned.executeUpdate();
    }
    return found;
  }

  private Pruned expired(long before, long excess) throws SQLException {
    long upTo = 0;
    long gone = 0;
    long seen = 0;
    int count = 0;
    boolean all;
    try (ResultSet rows = oldest.executeQuery()) {
      boolean more = rows.next();
      while (more && seen < FeedSize.STEP) {
        long seq = rows.getLong(1);
        boolean old = rows.getLong(2) < before;
        boolean tooMuch = seen < excess;
        seen += rows.getLong(3);
        count++;
        more = rows.next();
        // The last one that is looked at may be the newest.
        if (old || (tooMuch && more)) {
          upTo = seq;
          gone = seen;
        }
      }
      all = !more && count < FeedSize.STEP_ROWS;
    }
    return new Pruned(upTo, gone, all ? seen - gone : -1);
  }
}
