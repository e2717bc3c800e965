package dev.rollcall.wire;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A failure as a problem document (RFC 9457). */
public final class ProblemDocument {
  private ProblemDocument() {}

  public static Buffer of(Failure failure, String requestId) {
    return json(failure, requestId).toBuffer();
  }

  /** A document with further members, as JSON without the braces, which are spliced in. */
  public static Buffer of(Failure failure, String requestId, Buffer members) {
    Buffer own = of(failure, requestId);
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
