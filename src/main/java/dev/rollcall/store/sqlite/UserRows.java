package dev.rollcall.store.sqlite;

import dev.rollcall.base.Failure;
import dev.rollcall.users.Decision;
import dev.rollcall.users.EmailKey;
import dev.rollcall.users.User;
import dev.rollcall.users.UserSchema;
import dev.rollcall.users.UserSchema.Column;
import dev.rollcall.users.UserSchema.KeyColumn;
import dev.rollcall.users.UserSchema.NumberColumn;
import dev.rollcall.users.UserSchema.TextColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table of users, as {@link UserSchema} has it, and their passwords: what both sides read, and
 * what the writer writes. An instance belongs to one connection, on the writer's thread.
 */
final class UserRows {
  static final String SELECT_BY_ID = "SELECT " + UserSchema.READ_NAMES + " FROM users WHERE id = ?";

  /** Selects up to so many users; the same id may stand in it more than once. */
  static String selectByIds(int most) {
    return "SELECT "
        + UserSchema.READ_NAMES
        + " FROM users WHERE id IN ("
        + String.join(", ", Collections.nCopies(most, "?"))
        + ")";
  }

  private static final String INSERT =
      "INSERT INTO users VALUES ("
          + String.join(", ", Collections.nCopies(UserSchema.COLUMNS.size(), "?"))
          + ") ON CONFLICT DO NOTHING";

  /** Takes {@link UserSchema#UPDATED}, and then the id. */
  private static final String UPDATE =
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

  private final PreparedStatement byId;
  private final PreparedStatement byEmail;
  private final PreparedStatement insert;
  private final PreparedStatement update;
  private final PreparedStatement delete;
  private final PreparedStatement putHash;
  private final PreparedStatement replaceHash;
  private final PreparedStatement deleteHash;

  UserRows(Connection connection) throws SQLException {
    byId = connection.prepareStatement(SELECT_BY_ID);
    byEmail = connection.prepareStatement("SELECT 1 FROM users WHERE email_key = ?");
    insert = connection.prepareStatement(INSERT);
    update = connection.prepareStatement(UPDATE);
    delete = connection.prepareStatement("DELETE FROM users WHERE id = ?");
    putHash = connection.prepareStatement("INSERT OR REPLACE INTO credentials VALUES (?, ?)");
    replaceHash =
        connection.prepareStatement("UPDATE credentials SET hash = ? WHERE id = ? AND hash = ?");
    deleteHash = connection.prepareStatement("DELETE FROM credentials WHERE id = ?");
  }

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

  @Nullable User find(long id) throws SQLException {
    return find(byId, id);
  }

  /**
   * Adds a user.
   *
   * @throws Failure where its id or its address is taken
   */
  void insert(User user) throws SQLException {
    bind(insert, UserSchema.COLUMNS, user);
    if (insert.executeUpdate() == 0) {
      throw taken(user.email());
    }
  }

  private Failure taken(@Nullable String email) throws SQLException {
    if (email == null) {
      return Decision.idTaken();
    }
    byEmail.setBytes(1, EmailKey.of(email));
    try (ResultSet row = byEmail.executeQuery()) {
      return row.next() ? Decision.emailTaken() : Decision.idTaken();
    }
  }

  /**
   * Writes a user who is there.
   *
   * @throws Failure where its address is taken
   */
  void update(User user) throws SQLException {
    bind(update, UserSchema.UPDATED, user);
    update.setLong(UserSchema.UPDATED.size() + 1, user.id());
    if (update.executeUpdate() == 0) {
      throw Decision.emailTaken();
    }
  }

  /** Removes a user and its password. */
  void delete(long id) throws SQLException {
    delete.setLong(1, id);
    delete.executeUpdate();
    deleteHash.setLong(1, id);
    deleteHash.executeUpdate();
  }

  /**
   * Stores the hash of a password.
   *
   * @param replaces what must be stored for it to happen; null for anything
   * @return whether it happened
   */
  boolean setHash(long id, String hash, @Nullable String replaces) throws SQLException {
    if (replaces == null) {
      putHash.setLong(1, id);
      putHash.setString(2, hash);
      return putHash.executeUpdate() == 1;
    }
    replaceHash.setString(1, hash);
    replaceHash.setLong(2, id);
    replaceHash.setString(3, replaces);
    return replaceHash.executeUpdate() == 1;
  }

  /** Binds the values of a user to the first parameters of a statement. */
  private static void bind(PreparedStatement statement, List<Column> columns, User user)
      throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      if (column instanceof NumberColumn number) {
        statement.setLong(i + 1, number.value().applyAsLong(user));
      } else if (column instanceof TextColumn text) {
        statement.setString(i + 1, text.value().apply(user));
      } else {
        statement.setBytes(i + 1, ((KeyColumn) column).value(user));
      }
    }
  }
}
