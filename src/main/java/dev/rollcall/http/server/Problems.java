package dev.rollcall.http.server;

import dev.rollcall.base.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever goes wrong, as clients are told of it. */
public final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  /** The member by which a failure says in how many seconds to come back. */
  private static final String RETRY_AFTER = "retryAfter";

  private Problems() {}

  /** What the client is told; of a fault of ours, nothing but the request id by which to ask. */
  public static Failure failure(Throwable cause, String requestId) {
    return Failure.from(cause, LOG, "request {} failed", requestId);
  }

  /** In how many seconds a client that was told 503 should come back. */
  static String retryAfter(Failure failure) {
    Object seconds = failure.members().get(RETRY_AFTER);
    return seconds == null ? "1" : seconds.toString();
  }
}
