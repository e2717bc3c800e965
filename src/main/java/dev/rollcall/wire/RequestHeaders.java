package dev.rollcall.wire;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads single headers strictly, of HTTP requests and of messages. */
public final class RequestHeaders {
  private static final CharSequence IDEMPOTENCY_KEY =
      HttpHeaders.createOptimized("idempotency-key");

  private static final int LONGEST_REQUEST_ID = 128;
  private static final int TRACEPARENT_LENGTH = 55;

  private RequestHeaders() {}

  /** Whether a client's request id can be echoed and logged as it is. */
  public static boolean isRequestId(String text) {
    if (text.isEmpty() || text.length() > LONGEST_REQUEST_ID) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed = isAlphanumeric(c) || c == '.' || c == '_' || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  /** The {@code traceparent} (W3C) where it is well-formed; else null, to be ignored. */
  public static @Nullable String traceparent(@Nullable String text) {
    if (text == null || text.length() != TRACEPARENT_LENGTH || text.startsWith("ff")) {
      return null;
    }
    for (int i = 0; i < TRACEPARENT_LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 2 || i == 35 || i == 52;
      if (dash ? c != '-' : !isLowerHex(c)) {
        return null;
      }
    }
    return isZero(text, 3, 35) || isZero(text, 36, 52) ? null : text;
  }

  /** The UUID of the {@link IdempotencyKey}; null when there is none. */
  public static @Nullable UUID idempotencyKey(MultiMap headers) {
    if (!headers.contains(IDEMPOTENCY_KEY)) {
      return null;
    }
    List<String> values = headers.getAll(IDEMPOTENCY_KEY);
    UUID key = values.size() == 1 ? IdempotencyKey.parse(values.get(0)) : null;
    if (key == null) {
      throw Failure.of(
          Kind.INVALID, "Idempotency-Key must be one text of 1 to 255 printable ASCII characters");
    }
    return key;
  }

  /** The milliseconds of a header, at least 1; 0 when there is none. Faults show its name. */
  public static long millis(MultiMap headers, CharSequence name, String shown) {
    if (!headers.contains(name)) {
      return 0;
    }
    List<String> values = headers.getAll(name);
    long millis = values.size() == 1 ? WholeNumber.parse(values.get(0)) : -1;
    if (millis < 1) {
      throw Failure.of(Kind.INVALID, shown + " must be one integer from 1 to " + WholeNumber.MAX);
    }
    return millis;
  }

  /**
   * The values of a field, of which most requests have one or none. {@link MultiMap#getAll} makes
   * linked lists of them, and over HTTP/2 streams.
   */
  public static List<String> values(MultiMap headers, CharSequence name) {
    if (headers instanceof io.netty.handler.codec.http.HttpHeaders fields) {
      return values(headers, fields.iteratorCharSequence(), name);
    }
    // By the text of the name, which streams nothing.
    return headers.contains(name) ? headers.getAll(name.toString()) : List.of();
  }

  private static List<String> values(
      MultiMap headers, Iterator<Map.Entry<CharSequence, CharSequence>> fields, CharSequence name) {
    CharSequence only = null;
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      if (AsciiString.contentEqualsIgnoreCase(field.getKey(), name)) {
        if (only != null) {
          return headers.getAll(name);
        }
        only = field.getValue();
      }
    }
    return only == null ? List.of() : List.of(only.toString());
  }

  private static boolean isZero(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isLowerHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
