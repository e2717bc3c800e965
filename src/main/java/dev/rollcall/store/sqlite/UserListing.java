package dev.rollcall.store.sqlite;

import dev.rollcall.store.Sql;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserQuery.Filter;
import dev.rollcall.users.UserSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One listing of users: its SQL, its parameters, its rows. */
final class UserListing {
  private final Connection connection;
  private final UserQuery query;
  private final StringBuilder where = new StringBuilder("id > ?");
  private final List<Object> values = new ArrayList<>();

  UserListing(Connection connection, UserQuery query) {
    this.connection = connection;
    this.query = query;
    values.add(query.after());
    for (Filter filter : query.filters()) {
      if (filter.above() == null) {
        filter(filter.column() + " = ?", filter.key().getBytes());
      } else {
        filter(filter.column() + " >= ?", filter.key().getBytes());
        filter(filter.column() + " < ?", filter.above().getBytes());
      }
    }
    if (!query.ids().isEmpty()) {
      filter("id IN (SELECT value FROM json_each(?))", json(query.ids()));
    }
  }

  private void filter(String condition, Object value) {
    where.append(" AND ").append(condition);
    values.add(value);
  }

  private static String json(List<Long> ids) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }

  /** Reads a page, which ends before its limit where its users exceed some bytes. */
  UserPage read() throws SQLException {
    String sql =
        "SELECT %s FROM users%s WHERE %s ORDER BY id LIMIT ?"
            .formatted(UserSchema.READ_NAMES, index(), where);
    values.add(query.limit() + 1);
    try (PreparedStatement select = Sql.prepare(connection, sql, values.toArray());
        ResultSet rows = select.executeQuery()) {
      List<User> users = new ArrayList<>();
      int size = 0;
      boolean more = rows.next();
      while (more && users.size() < query.limit() && size < Sql.PAGE_BYTES) {
        User user = UserRows.read(rows);
        users.add(user);
        size += user.length();
        more = rows.next();
      }
      return new UserPage(users, more);
    }
  }

  private String index() throws SQLException {
    if (query.onlyPrefix() == null) {
      return "";
    }
    return isRare() ? " INDEXED BY users_by_name" : " NOT INDEXED";
  }

  private boolean isRare() throws SQLException {
    String sql =
        "SELECT count(*) FROM (SELECT 1 FROM users INDEXED BY users_by_name"
            + " WHERE name_key >= ? AND name_key < ? LIMIT ?)";
    return Sql.number(connection, sql, values.get(1), values.get(2), Sql.RARE) < Sql.RARE;
  }
}
