package dev.rollcall.store.statements;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the values of a row stand for. Each throws for a value of another type. */
public final class Values {
  private Values() {}

  public static long number(@Nullable Object value) {
    return ((Number) Objects.requireNonNull(value)).longValue();
  }

  public static int integer(@Nullable Object value) {
    return Math.toIntExact(number(value));
  }

  public static String text(@Nullable Object value) {
    return (String) Objects.requireNonNull(value);
  }

  public static byte[] bytes(@Nullable Object value) {
    return (byte[]) Objects.requireNonNull(value);
  }

  /** A UUID of 16 bytes, the highest first. */
  public static UUID uuid(@Nullable Object value) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(value));
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  /** A time by its milliseconds since 1970. */
  public static Instant time(@Nullable Object value) {
    return Instant.ofEpochMilli(number(value));
  }

  public static @Nullable Instant timeOrNull(@Nullable Object value) {
    return value == null ? null : time(value);
  }

  /** The value of a time. */
  public static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : Long.valueOf(time.toEpochMilli());
  }
}
