package dev.rollcall.store.postgres;

import dev.rollcall.users.Change;
import dev.rollcall.users.EmailKey;
import dev.rollcall.users.User;
import dev.rollcall.users.UserSchema;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows of PostgreSQL's tables, to and from what they stand for. */
final class PostgresRows {
  /** The columns of a change in the order in which {@link #change} wants them. */
  static final String CHANGE = "seq, kind, id, version, at, user_json, by";

  private static final UserSchema.Row<Row, RuntimeException> USER =
      new UserSchema.Row<>() {
        @Override
        public long number(Row row, int index) {
          return row.getLong(index);
        }

        @Override
        public @Nullable String text(Row row, int index) {
          return row.getString(index);
        }
      };

  private PostgresRows() {}

  /** The user of a row of {@link UserSchema#READ}. */
  static User user(Row row) {
    return UserSchema.read(row, USER);
  }

  static Change change(Row row) {
    return new Change(
        row.getLong(0),
        Change.Kind.of(row.getInteger(1)),
        row.getLong(2),
        row.getLong(3),
        Instant.ofEpochMilli(row.getLong(4)),
        row.getString(5),
        row.getString(6));
  }

  /** The form in which an address is compared; null for none. */
  static @Nullable Buffer key(@Nullable String email) {
    return email == null ? null : Buffer.buffer(EmailKey.of(email));
  }

  /** One value of each, as a column for {@code unnest}. */
  static <T> Long[] longs(List<T> items, Function<T, @Nullable Long> value) {
    return items.stream().map(value).toArray(Long[]::new);
  }

  static <T> String[] strings(List<T> items, Function<T, @Nullable String> value) {
    return items.stream().map(value).toArray(String[]::new);
  }

  static <T> Buffer[] keys(List<T> items, Function<T, byte @Nullable []> value) {
    return items.stream()
        .map(value)
        .map(key -> key == null ? null : Buffer.buffer(key))
        .toArray(Buffer[]::new);
  }
}
