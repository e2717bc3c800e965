package dev.rollcall.base;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Retry-After} of an answer (RFC 9110, 10.2.3). */
public final class RetryAfter {
  private static final CharSequence NAME = HttpHeaders.createOptimized("retry-after");
  private static final int LONGEST_NUMBER = 9;

  private RetryAfter() {}

  /**
   * That of a 429 or 503, in milliseconds; 0 without a valid header or for another status.
   *
   * @param most what a larger number stands for
   */
  public static long millis(HttpClientResponse response, long most) {
    int status = response.statusCode();
    String text = status == 429 || status == 503 ? response.getHeader(NAME) : null;
    return text == null ? 0 : millis(text.strip(), Instant.now(), most);
  }

  /**
   * The milliseconds of a header in whole seconds or an HTTP date; 0 where it is neither.
   *
   * @param most what a larger number stands for
   */
  public static long millis(@Nullable String text, Instant now, long most) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return text.length() > LONGEST_NUMBER ? most : Math.min(most, Integer.parseInt(text) * 1000L);
    }
    long then = HttpDate.millis(text);
    return then == HttpDate.NONE ? 0 : Math.min(most, Math.max(0, then - now.toEpochMilli()));
  }
}
