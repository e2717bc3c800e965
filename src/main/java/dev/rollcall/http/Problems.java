package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever goes wrong, as a problem document (RFC 9457). */
final class Problems {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  /** The member by which a failure says in how many seconds to come back. */
  private static final String RETRY_AFTER = "retryAfter";

  private Problems() {}

  /**
   * What the client is told. Anything that is not a {@link Failure} is a fault of ours: it is
   * logged with its stack, and the client learns nothing but the request id by which to ask.
   */
  static Failure failure(Throwable cause, String requestId) {
    if (cause instanceof Failure failure) {
      return failure;
    }
    LOG.error("request {} failed", requestId, cause);
    return Failure.of(Kind.INTERNAL, "internal error");
  }

  /** In how many seconds a client that was told 503 should come back. */
  static String retryAfter(Failure failure) {
    Object seconds = failure.members().get(RETRY_AFTER);
    return seconds == null ? "1" : seconds.toString();
  }

  static Buffer document(Failure failure, String requestId) {
    return json(failure, requestId).toBuffer();
  }

  /**
   * A document with further members.
   *
   * @param members as JSON without the braces around them: they are passed on as the bytes that
   *     they are
   */
  static Buffer document(Failure failure, String requestId, Buffer members) {
    Buffer own = json(failure, requestId).toBuffer();
    return Buffer.buffer(own.length() + members.length() + 1)
        .appendBuffer(own, 0, own.length() - 1)
        .appendByte((byte) ',')
        .appendBuffer(members)
        .appendByte((byte) '}');
  }

  private static JsonObject json(Failure failure, String requestId) {
    JsonObject document =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", failure.kind().title())
            .put("status", failure.kind().status())
            .put("detail", failure.detail());
    if (!failure.faults().isEmpty()) {
      JsonArray errors = new JsonArray();
      for (Fault fault : failure.faults()) {
        errors.add(new JsonObject().put("pointer", fault.pointer()).put("detail", fault.detail()));
      }
      document.put("errors", errors);
    }
    failure.members().forEach(document::put);
    return document.put("requestId", requestId);
  }
}
