package dev.rollcall.store.sqlite;

import dev.rollcall.users.User;
import dev.rollcall.users.UserColumn;
import dev.rollcall.users.UserSchema;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A row of the table of users, to and from a {@link User}, as {@link UserSchema} has it. */
final class UserRow {

  static final String SELECT_BY_ID = "SELECT " + UserSchema.READ_NAMES + " FROM users WHERE id = ?";

  static final String INSERT =
      "INSERT INTO users VALUES ("
          + String.join(", ", Collections.nCopies(UserSchema.COLUMNS.size(), "?"))
          + ") ON CONFLICT DO NOTHING";

  /** Takes {@link UserSchema#UPDATED}, and then the id. */
  static final String UPDATE =
      UserSchema.UPDATED.stream()
          .map(column -> column.name() + " = ?")
          .collect(Collectors.joining(", ", "UPDATE OR IGNORE users SET ", " WHERE id = ?"));

  private static final UserSchema.Row<ResultSet, SQLException> VALUES =
      new UserSchema.Row<>() {
        @Override
        public long number(ResultSet row, int index) throws SQLException {
          return row.getLong(index + 1);
        }

        @Override
        public @Nullable String text(ResultSet row, int index) throws SQLException {
          return row.getString(index + 1);
        }
      };

  private UserRow() {}

  /** The user of a row of {@link UserSchema#READ}. */
  static User read(ResultSet row) throws SQLException {
    return UserSchema.read(row, VALUES);
  }

  /** The user with this id, by {@link #SELECT_BY_ID}. */
  static @Nullable User find(PreparedStatement byId, long id) throws SQLException {
    byId.setLong(1, id);
    try (ResultSet row = byId.executeQuery()) {
      return row.next() ? read(row) : null;
    }
  }

  /** Binds the values of a user to the first parameters of a statement. */
  static void bind(PreparedStatement statement, List<UserColumn> columns, User user)
      throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      UserColumn column = columns.get(i);
      switch (column.type()) {
        case NUMBER -> statement.setLong(i + 1, column.number(user));
        case TEXT -> statement.setString(i + 1, column.text(user));
        case BYTES -> statement.setBytes(i + 1, column.bytes(user));
      }
    }
  }
}
