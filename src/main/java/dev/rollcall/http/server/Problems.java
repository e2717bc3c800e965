package dev.rollcall.http.server;

import dev.rollcall.access.Challenge;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever goes wrong, as clients are told of it. */
public final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private Problems() {}

  /** What the client is told; of a fault of ours, nothing but the request id by which to ask. */
  public static Failure failure(Throwable cause, String requestId) {
    return Failure.from(cause, LOG, "request {} failed", requestId);
  }

  /** What a problem's document comes with; a client that is told 503 hears when to come back. */
  static void putHeaders(MultiMap headers, Failure failure) {
    if (failure.kind() == Kind.UNAVAILABLE || failure.kind() == Kind.TOO_MANY_REQUESTS) {
      Object seconds = failure.members().get(Failure.RETRY_AFTER);
      headers.set(HttpHeaders.RETRY_AFTER, seconds == null ? "1" : seconds.toString());
    }
    String challenge = Challenge.of(failure);
    if (challenge != null) {
      headers.set(Fields.WWW_AUTHENTICATE, challenge);
    }
    headers.set(Fields.SECURITY_POLICY, Fields.NOTHING_MAY_LOAD);
  }

  /** Whether the rest of a body is not waited for, however short it is. */
  static boolean giveUpBody(Failure failure) {
    Kind kind = failure.kind();
    return kind == Kind.UNAVAILABLE || kind == Kind.TOO_LARGE || kind == Kind.REQUEST_TIMEOUT;
  }
}
