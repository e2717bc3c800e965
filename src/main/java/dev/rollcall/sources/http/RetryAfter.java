package dev.rollcall.sources.http;

import dev.rollcall.sources.limits.UrlPauses;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Retry-After} of an answer (RFC 9110, 10.2.3). */
final class RetryAfter {
  private static final CharSequence NAME = HttpHeaders.createOptimized("retry-after");
  private static final int LONGEST_NUMBER = 9;

  private RetryAfter() {}

  /** In milliseconds; 0 without a valid header or for a status other than 429 and 503. */
  static long millis(HttpClientResponse response) {
    int status = response.statusCode();
    String text = status == 429 || status == 503 ? response.getHeader(NAME) : null;
    return text == null ? 0 : millis(text.strip(), Instant.now());
  }

  /** The milliseconds of a header in whole seconds or an HTTP date; 0 where it is neither. */
  static long millis(@Nullable String text, Instant now) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return text.length() > LONGEST_NUMBER
          ? UrlPauses.LONGEST_MILLIS
          : Integer.parseInt(text) * 1000L;
    }
    try {
      Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      return Math.max(0, then.toEpochMilli() - now.toEpochMilli());
    } catch (DateTimeException e) {
      return 0;
    }
  }
}
