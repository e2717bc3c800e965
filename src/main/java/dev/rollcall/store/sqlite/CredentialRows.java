package dev.rollcall.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The users' passwords as the writer sees them. Belongs to one connection. */
final class CredentialRows {

  private final PreparedStatement put;
  private final PreparedStatement replace;
  private final PreparedStatement remove;

  CredentialRows(Connection connection) throws SQLException {
    put = connection.prepareStatement("INSERT OR REPLACE INTO credentials VALUES (?, ?)");
    replace =
        connection.prepareStatement("UPDATE credentials SET hash = ? WHERE id = ? AND hash = ?");
    remove = connection.prepareStatement("DELETE FROM credentials WHERE id = ?");
  }

  /**
   * Stores a hash.
   *
   * @param replaces what must be stored for it to happen; null for anything
   * @return whether it happened
   */
  boolean set(long id, String hash, @Nullable String replaces) throws SQLException {
    if (replaces == null) {
      put.setLong(1, id);
      put.setString(2, hash);
      return put.executeUpdate() == 1;
    }
    replace.setString(1, hash);
    replace.setLong(2, id);
    replace.setString(3, replaces);
    return replace.executeUpdate() == 1;
  }

  void remove(long id) throws SQLException {
    remove.setLong(1, id);
    remove.executeUpdate();
  }
}
