package dev.rollcall.config.reading;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes durations ({@code 500ms}, {@code 30d}) and sizes ({@code 1MiB}). */
public final class Units {
  public static final long KIB = 1024;
  public static final long MIB = 1024 * KIB;
  public static final long GIB = 1024 * MIB;

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,18})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})(B|KiB|MiB|GiB)?");

  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> BYTES =
      Map.of("B", 1L, "KiB", KIB, "MiB", MIB, "GiB", GIB);

  private Units() {}

  /** Null for no duration, such as a bare number, whose unit would be a guess. */
  public static @Nullable Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    Long millis = product(matcher.group(1), unit(MILLIS, matcher.group(2)));
    return millis == null ? null : Duration.ofMillis(millis);
  }

  /** In bytes, which is also the unit of a bare number; null for no size. */
  public static @Nullable Long size(String text) {
    Matcher matcher = SIZE.matcher(text);
    return matcher.matches() ? product(matcher.group(1), unit(BYTES, matcher.group(2))) : null;
  }

  /** Writes a duration in the largest unit that keeps it whole. */
  public static String show(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      long length = unit(MILLIS, unit);
      if (millis % length == 0) {
        return millis / length + unit;
      }
    }
    return millis + "ms";
  }

  /** Writes a size in the largest unit that keeps it whole. */
  public static String show(long bytes) {
    for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
      long length = unit(BYTES, unit);
      if (bytes != 0 && bytes % length == 0) {
        return bytes / length + unit;
      }
    }
    return bytes + "B";
  }

  private static long unit(Map<String, Long> units, @Nullable String name) {
    return name == null ? 1 : units.getOrDefault(name, 1L);
  }

  private static @Nullable Long product(@Nullable String digits, long unit) {
    if (digits == null) {
      return null;
    }
    try {
      return Math.multiplyExact(Long.parseLong(digits), unit);
    } catch (ArithmeticException tooLarge) {
      return null;
    }
  }
}
