package dev.rollcall.store.sqlite;

import dev.rollcall.users.User;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of the table of users, to and from a {@link User}. */
final class UserRow {

  /** The columns in the order in which {@link #read} wants them. */
  static final String COLUMNS = "id, name, email, attributes, version, created_at, updated_at, seq";

  private UserRow() {}

  static User read(ResultSet row) throws SQLException {
    return User.of(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getLong(5),
        Instant.ofEpochMilli(row.getLong(6)),
        Instant.ofEpochMilli(row.getLong(7)),
        row.getLong(8));
  }

  /** The user with this id, by a statement that selects {@link #COLUMNS} by id. */
  static @Nullable User find(PreparedStatement byId, long id) throws SQLException {
    byId.setLong(1, id);
    try (ResultSet row = byId.executeQuery()) {
      return row.next() ? read(row) : null;
    }
  }
}
