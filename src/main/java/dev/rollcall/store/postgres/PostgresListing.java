package dev.rollcall.store.postgres;

import dev.rollcall.store.Sql;
import dev.rollcall.users.User;
import dev.rollcall.users.UserPage;
import dev.rollcall.users.UserQuery;
import dev.rollcall.users.UserQuery.Filter;
import dev.rollcall.users.UserSchema;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One listing of users: its SQL, its parameters, its rows. */
final class PostgresListing {
  /** How many users share a prefix, as far as it matters; takes {@link #bounds}. */
  static final String COUNT =
      "SELECT count(*) FROM (SELECT 1 FROM users WHERE name_key >= $1 AND name_key < $2 LIMIT "
          + Sql.RARE
          + ") hits";

  private final UserQuery query;
  private final Tuple values = Tuple.tuple();
  private final String sql;

  /**
   * @param count what {@link #COUNT} told; not looked at where {@link UserQuery#onlyPrefix} is null
   */
  PostgresListing(UserQuery query, long count) {
    this.query = query;
    Filter prefix = query.onlyPrefix();
    this.sql = page(query, count < Sql.RARE ? prefix : null);
  }

  /** The bounds of the keys that a prefix fits. */
  static Tuple bounds(Filter prefix) {
    return Tuple.of(prefix.key(), prefix.above());
  }

  String sql() {
    return sql;
  }

  Tuple values() {
    return values;
  }

  /**
   * The page, with how many rows there would be without its limit of bytes. The sizes are told by
   * the rows' heads, so that what is cut off is never read.
   */
  private String page(UserQuery query, @Nullable Filter rare) {
    return String.format(
        Locale.ROOT,
        """
        SELECT %1$s, total FROM (
          SELECT *, count(*) OVER () AS total,
            sum(octet_length(attributes)) OVER (ORDER BY id) - octet_length(attributes) AS before
          FROM (SELECT %1$s FROM %2$s ORDER BY id LIMIT %3$s) rows_of_page
        ) sized
        WHERE before < %4$d ORDER BY id\
        """,
        UserSchema.READ_NAMES,
        rare == null ? filtered(query) : named(query, rare),
        add(query.limit() + 1L),
        Sql.PAGE_BYTES);
  }

  /** All users of a rare prefix; OFFSET keeps the order by id from choosing another index. */
  private String named(UserQuery query, Filter prefix) {
    return "(SELECT * FROM users WHERE name_key >= %s AND name_key < %s OFFSET 0) named WHERE id > %s"
        .formatted(add(prefix.key()), add(prefix.above()), add(query.after()));
  }

  private String filtered(UserQuery query) {
    StringBuilder from = new StringBuilder("users WHERE id > ").append(add(query.after()));
    for (Filter filter : query.filters()) {
      if (filter.above() == null) {
        from.append(" AND ").append(filter.column()).append(" = ").append(add(filter.key()));
      } else {
        // An expression instead of the column, so that the index of names is not used.
        String key = " AND (" + filter.column() + " || ''::bytea) ";
        from.append(key).append(">= ").append(add(filter.key()));
        from.append(key).append("< ").append(add(filter.above()));
      }
    }
    if (!query.ids().isEmpty()) {
      values.addArrayOfLong(query.ids().toArray(Long[]::new));
      from.append(" AND id = ANY($").append(values.size()).append("::bigint[])");
    }
    return from.toString();
  }

  private String add(@Nullable Object value) {
    values.addValue(value);
    return "$" + values.size();
  }

  UserPage read(RowSet<Row> rows) {
    List<User> users = new ArrayList<>();
    long total = 0;
    for (Row row : rows) {
      total = row.getLong(UserSchema.READ.size());
      if (users.size() < query.limit()) {
        users.add(PostgresRows.user(row));
      }
    }
    return new UserPage(users, total > users.size());
  }
}
