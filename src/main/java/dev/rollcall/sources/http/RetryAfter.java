package dev.rollcall.sources.http;

import dev.rollcall.sources.UrlPauses;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads for how long an answer asks to be left alone (RFC 9110, 10.2.3). */
final class RetryAfter {

  private static final CharSequence NAME = HttpHeaders.createOptimized("retry-after");
  private static final int LONGEST_NUMBER = 9;

  private RetryAfter() {}

  /** In milliseconds; 0 for a status that doesn't ask for it, or a header that says no time. */
  static long millis(HttpClientResponse response) {
    int status = response.statusCode();
    String text = status == 429 || status == 503 ? response.getHeader(NAME) : null;
    return text == null ? 0 : millis(text.strip(), Instant.now());
  }

  /** As {@link #millis(HttpClientResponse)}, of the header: whole seconds, or a date of HTTP. */
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
      // What says no time is to be ignored, as if it were not there.
      return 0;
    }
  }
}
