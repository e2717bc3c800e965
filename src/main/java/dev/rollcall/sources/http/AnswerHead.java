package dev.rollcall.sources.http;

import dev.rollcall.base.RetryAfter;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.limits.UrlPauses;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides by the head of an HTTP answer whether its body is read. */
final class AnswerHead {
  /** By which whoever sent a token can tell that it was refused. */
  static final SourceReply UNAUTHORIZED = SourceReply.rejected("status 401");

  private AnswerHead() {}

  /**
   * The reply, whatever the body is; null where the body is to be read. A 408 and the passing ones
   * of 5xx may be retried; a 429 is not, since more requests would make it worse.
   *
   * @param limit bytes of an answer
   */
  static @Nullable SourceReply ending(HttpClientResponse response, int limit) {
    int status = response.statusCode();
    return switch (status) {
      case 204, 404, 410 -> SourceReply.absent("status " + status);
      case 401 -> UNAUTHORIZED;
      case 408, 500 -> SourceReply.broken("status " + status);
      case 502, 503, 504 -> SourceReply.broken("status " + status).whenOverloaded();
      case 429 -> SourceReply.rejected("status 429").whenOverloaded();
      default -> {
        if (status >= 300 && status < 400) {
          yield SourceReply.rejected("redirect (" + status + ")");
        }
        if (status < 200 || status > 299) {
          yield SourceReply.rejected("status " + status);
        }
        yield unreadable(response, limit);
      }
    };
  }

  private static @Nullable SourceReply unreadable(HttpClientResponse response, int limit) {
    String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
    if (!isJson(type)) {
      return SourceReply.rejected(
          type == null
              ? "an answer without a content type"
              : "an answer that is not JSON in UTF-8");
    }
    if (!isPacked(response) && !isPlain(response)) {
      return SourceReply.rejected("an answer in an encoding that was not asked for");
    }
    String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && isMoreThan(limit, length)) {
      return SourceReply.rejected("an answer of more than " + limit + " bytes");
    }
    return null;
  }

  /** Whether the body comes as gzip. */
  static boolean isPacked(HttpClientResponse response) {
    String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
    return encoding != null
        && (encoding.equalsIgnoreCase("gzip") || encoding.equalsIgnoreCase("x-gzip"));
  }

  private static boolean isPlain(HttpClientResponse response) {
    String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
    return encoding == null || encoding.isEmpty() || encoding.equalsIgnoreCase("identity");
  }

  private static boolean isMoreThan(int limit, String length) {
    try {
      return Long.parseLong(length) > limit;
    } catch (NumberFormatException e) {
      // The bytes are counted as they come.
      return false;
    }
  }

  /** Whether a content type is {@code application/json} or {@code …+json}, and UTF-8 if it says. */
  static boolean isJson(@Nullable String type) {
    if (type == null || type.equals("application/json")) {
      return type != null;
    }
    String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    String media = parts[0].strip();
    boolean json =
        media.equals("application/json")
            || (media.startsWith("application/") && media.endsWith("+json"));
    for (int i = 1; i < parts.length && json; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("charset=")) {
        String charset = parameter.substring("charset=".length()).replace("\"", "");
        json = charset.equals("utf-8") || charset.equals("utf8");
      }
    }
    return json;
  }

  /** How long the upstream asks to be left alone, in milliseconds; 0 where it does not. */
  static long pause(HttpClientResponse response) {
    return RetryAfter.millis(response, UrlPauses.LONGEST_MILLIS);
  }
}
