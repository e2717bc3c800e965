package dev.rollcall.base;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dates of HTTP in their three forms (RFC 9110, 5.6.7), letters in either case. Any other
 * form, and any other zone than GMT, is no date.
 */
public final class HttpDate {
  /** What {@link #millis} gives for no date. */
  public static final long NONE = Long.MIN_VALUE;

  /** No form is longer. */
  private static final int LONGEST = 40;

  /** A year of two digits is of the past if it would be more than so many years ahead. */
  private static final int YEARS_AHEAD = 50;

  private static final List<DateTimeFormatter> FORMS =
      List.of(form("EEE, dd MMM uuuu HH:mm:ss 'GMT'"), form("EEE MMM ppd HH:mm:ss uuuu"));

  private HttpDate() {}

  private static DateTimeFormatter form(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.US);
  }

  /** The obsolete form of RFC 850, which alone has dashes; what its years mean depends on today. */
  private static DateTimeFormatter withShortYear() {
    LocalDate first = LocalDate.now(ZoneOffset.UTC).minusYears(YEARS_AHEAD - 1);
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, first)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.US);
  }

  /** Milliseconds since 1970; {@link #NONE} where there is no date. */
  public static long millis(@Nullable String text) {
    if (text == null || text.length() > LONGEST) {
      return NONE;
    }
    String stripped = text.strip();
    List<DateTimeFormatter> forms = stripped.indexOf('-') < 0 ? FORMS : List.of(withShortYear());
    for (DateTimeFormatter form : forms) {
      try {
        return LocalDateTime.parse(stripped, form).toInstant(ZoneOffset.UTC).toEpochMilli();
      } catch (DateTimeException e) {
        // It may be in another form.
      }
    }
    return NONE;
  }
}
