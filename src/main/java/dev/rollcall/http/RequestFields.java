package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.User;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads single header fields and path segments of a request, strictly. */
final class RequestFields {

  private static final int LONGEST_REQUEST_ID = 128;
  private static final int UUID_LENGTH = 36;
  private static final int TRACEPARENT_LENGTH = 55;
  private static final long LONGEST_TIME = User.MAX_ID;

  private RequestFields() {}

  /** Whether a client's request id can be echoed and logged as it is. */
  static boolean isRequestId(String text) {
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

  /** The trace context (W3C) when it is well-formed, else null: a bad one is to be ignored. */
  static @Nullable String traceparent(@Nullable String text) {
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

  /** Bytes of the body; -1 when it comes in chunks or can't be told, 0 when there is none. */
  static long contentLength(MultiMap headers) {
    if (headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
      return -1;
    }
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      // Netty refuses such a request, and the answer to that comes through here.
      return -1;
    }
  }

  /** The id of a user in a path. */
  static long id(String segment) {
    long id = wholeNumber(segment);
    if (id < 1) {
      throw Failure.invalid("/id", "must be an integer from 1 to " + User.MAX_ID);
    }
    return id;
  }

  /**
   * A number from 0 to 2^53 − 1 in plain decimal: no sign, no leading zeros.
   *
   * @return -1 when it is anything else
   */
  static long wholeNumber(String text) {
    int length = text.length();
    if (length == 0 || length > 16 || (text.charAt(0) == '0' && length > 1)) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number <= User.MAX_ID ? number : -1;
  }

  /** The {@code Idempotency-Key}, a UUID, bare or in double quotes; null when there is none. */
  static @Nullable UUID idempotencyKey(MultiMap headers) {
    if (!headers.contains(Fields.IDEMPOTENCY_KEY)) {
      return null;
    }
    List<String> values = headers.getAll(Fields.IDEMPOTENCY_KEY);
    String key = values.size() == 1 ? values.get(0) : "";
    if (key.length() == UUID_LENGTH + 2 && key.startsWith("\"") && key.endsWith("\"")) {
      key = key.substring(1, key.length() - 1);
    }
    if (!isUuid(key)) {
      throw Failure.of(Kind.INVALID, "Idempotency-Key must be one UUID");
    }
    return UUID.fromString(key);
  }

  /**
   * How long an answer may take: what it may at most, or what {@code Rollcall-Deadline-Ms} shortens
   * that to.
   */
  static Duration time(MultiMap headers, Duration most) {
    if (!headers.contains(Fields.DEADLINE_MS)) {
      return most;
    }
    List<String> values = headers.getAll(Fields.DEADLINE_MS);
    long millis = values.size() == 1 ? wholeNumber(values.get(0)) : -1;
    if (millis < 1) {
      throw Failure.of(
          Kind.INVALID, "Rollcall-Deadline-Ms must be one integer from 1 to " + LONGEST_TIME);
    }
    Duration asked = Duration.ofMillis(millis);
    return asked.compareTo(most) < 0 ? asked : most;
  }

  private static boolean isUuid(String text) {
    if (text.length() != UUID_LENGTH) {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !isLowerHex(c) && !(c >= 'A' && c <= 'F')) {
        return false;
      }
    }
    return true;
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
