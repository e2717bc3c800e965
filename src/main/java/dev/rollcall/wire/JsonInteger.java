package dev.rollcall.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Integers in JSON, however they are written: {@code 7}, {@code 7.0} and {@code 7e0} are one number
 * (JSON Schema, 4.2.3). Nothing is rounded or written out: {@code 1e999999999} costs no more than
 * {@code 1}. For URLs and headers there is {@link WholeNumber}.
 */
public final class JsonInteger {
  private JsonInteger() {}

  /** Whether a value is an integer within bounds; text is none, whatever it says. */
  public static boolean isWithin(JsonNode value, long least, long most) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue() >= least && value.longValue() <= most;
    }
    return value.isNumber() && isWithin(value.numberValue(), least, most);
  }

  /** Whether a value is an integer within bounds, where it is not known to be a number. */
  public static boolean isWithin(@Nullable Object value, long least, long most) {
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      return number >= least && number <= most;
    }
    BigDecimal number = decimal(value);
    return number != null
        && number.compareTo(BigDecimal.valueOf(least)) >= 0
        && number.compareTo(BigDecimal.valueOf(most)) <= 0
        && isWhole(number);
  }

  /** The number; 0 for a value that is not an integer, or one beyond those of 64 bits. */
  public static long of(JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    return isWithin(value, Long.MIN_VALUE, Long.MAX_VALUE) ? of(value.numberValue()) : 0;
  }

  /** The number, of a value that {@link #isWithin} bounds. */
  public static long of(Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    BigDecimal number = decimal(value);
    return number == null || number.signum() == 0 ? 0 : number.longValue();
  }

  private static @Nullable BigDecimal decimal(@Nullable Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof BigInteger number) {
      return new BigDecimal(number);
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? BigDecimal.valueOf(number) : null;
    }
    return null;
  }

  /** Of a number within bounds, so that its digits are no more than were written. */
  private static boolean isWhole(BigDecimal number) {
    return number.signum() == 0 || number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
  }
}
