package dev.rollcall.store.sqlite;

import dev.rollcall.store.RecordedWrite;
import dev.rollcall.users.Change;
import dev.rollcall.users.UserWrite;
import java.nio.ByteBuffer;
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

  /** How many changes one pruning looks at, so that it stays shorter than a batch of writes. */
  private static final int PRUNED_AT_ONCE = 1000;

  private final PreparedStatement append;
  private final PreparedStatement erase;
  private final PreparedStatement byOp;
  private final PreparedStatement expired;
  private final PreparedStatement prune;
  private final PreparedStatement pruned;

  FeedRows(Connection connection) throws SQLException {
    append = connection.prepareStatement("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    erase =
        connection.prepareStatement(
            "UPDATE changes SET user = NULL WHERE id = ? AND user IS NOT NULL");
    byOp = connection.prepareStatement("SELECT kind, user, seq, content FROM changes WHERE op = ?");
    expired =
        connection.prepareStatement(
            "SELECT max(seq) FROM (SELECT seq, at FROM changes ORDER BY seq LIMIT "
                + PRUNED_AT_ONCE
                + ") WHERE at < ?");
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
      append.setBytes(7, bytes(op));
      append.setLong(8, RecordedWrite.digest(by));
    }
    append.executeUpdate();
  }

  /** Takes a deleted user's content out of the feed. */
  void erase(long id) throws SQLException {
    erase.setLong(1, id);
    erase.executeUpdate();
  }

  /** What an earlier write under the same op did; null when there was none. */
  @Nullable RecordedWrite recorded(UUID op) throws SQLException {
    byOp.setBytes(1, bytes(op));
    try (ResultSet row = byOp.executeQuery()) {
      return row.next()
          ? new RecordedWrite(
              Change.Kind.of(row.getInt(1)), row.getString(2), row.getLong(3), row.getLong(4))
          : null;
    }
  }

  /**
   * Removes the oldest changes that are older than a time, some at a time.
   *
   * @return whether any was removed
   */
  boolean prune(Instant before) throws SQLException {
    expired.setLong(1, before.toEpochMilli());
    long upTo;
    try (ResultSet row = expired.executeQuery()) {
      upTo = row.getLong(1);
    }
    if (upTo == 0) {
      return false;
    }
    prune.setLong(1, upTo);
    prune.executeUpdate();
    pruned.setLong(1, upTo);
    pruned.executeUpdate();
    return true;
  }

  private static byte[] bytes(UUID op) {
    return ByteBuffer.allocate(16)
        .putLong(op.getMostSignificantBits())
        .putLong(op.getLeastSignificantBits())
        .array();
  }
}
