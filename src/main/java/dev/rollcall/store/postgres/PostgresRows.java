package dev.rollcall.store.postgres;

import dev.rollcall.users.Change;
import dev.rollcall.users.User;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows of PostgreSQL's tables, to and from what they stand for. */
final class PostgresRows {

  /** The columns of a user in the order in which {@link #user} wants them. */
  static final String USER = "id, name, email, attributes, version, created_at, updated_at, seq";

  /** The columns of a change in the order in which {@link #change} wants them. */
  static final String CHANGE = "seq, kind, id, version, at, user_json";

  /** A page ends where its texts exceed so many bytes, so that pages of large users stay small. */
  static final int PAGE_BYTES = 1 << 20;

  private PostgresRows() {}

  static User user(Row row) {
    return User.of(
        row.getLong(0),
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        Instant.ofEpochMilli(row.getLong(5)),
        Instant.ofEpochMilli(row.getLong(6)),
        row.getLong(7));
  }

  static Change change(Row row) {
    return new Change(
        row.getLong(0),
        Change.Kind.of(row.getInteger(1)),
        row.getLong(2),
        row.getLong(3),
        Instant.ofEpochMilli(row.getLong(4)),
        row.getString(5));
  }

  /** One value of each, as a column for {@code unnest}. */
  static <T> Long[] longs(List<T> items, Function<T, @Nullable Long> value) {
    return items.stream().map(value).toArray(Long[]::new);
  }

  static <T> String[] strings(List<T> items, Function<T, @Nullable String> value) {
    return items.stream().map(value).toArray(String[]::new);
  }

  static <T> Buffer[] keys(List<T> items, Function<T, @Nullable Buffer> value) {
    return items.stream().map(value).toArray(Buffer[]::new);
  }
}
