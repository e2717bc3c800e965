package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.users.User;
import dev.rollcall.wire.Faults;
import dev.rollcall.wire.RequestHeaders;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;

/** Reads what of a request's head only HTTP has, strictly. */
final class RequestFields {

  private RequestFields() {}

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
    long id = WholeNumber.parse(segment);
    if (id < 1) {
      throw Failure.invalid("/id", Faults.notAnInteger(1, User.MAX_ID));
    }
    return id;
  }

  /**
   * How long an answer may take: what it may at most, or what {@code Rollcall-Deadline-Ms} shortens
   * that to.
   */
  static Duration time(MultiMap headers, Duration most) {
    long millis = RequestHeaders.millis(headers, Fields.DEADLINE_MS, "Rollcall-Deadline-Ms");
    return millis == 0 || millis > most.toMillis() ? most : Duration.ofMillis(millis);
  }
}
