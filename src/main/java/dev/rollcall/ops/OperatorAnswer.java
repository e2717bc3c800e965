package dev.rollcall.ops;

import dev.rollcall.access.AuditLog;
import dev.rollcall.access.Challenge;
import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer of the port for operators.
 *
 * @param headers what a refusal says beside its body: how to say who asks, or when to ask again
 */
record OperatorAnswer(int status, String type, String body, Map<String, String> headers) {

  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  /** An object. */
  static OperatorAnswer json(int status, JsonObject body) {
    return new OperatorAnswer(status, JSON, body.encode(), Map.of());
  }

  /** A text of some other type. */
  static OperatorAnswer text(String type, String body) {
    return new OperatorAnswer(200, type, body, Map.of());
  }

  /** What went wrong. */
  static OperatorAnswer problem(Failure failure) {
    JsonObject body =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", failure.kind().title())
            .put("status", failure.kind().status())
            .put("detail", failure.detail());
    return new OperatorAnswer(failure.kind().status(), PROBLEM, body.encode(), headers(failure));
  }

  private static Map<String, String> headers(Failure failure) {
    String challenge = Challenge.of(failure);
    if (challenge != null) {
      return Map.of("WWW-Authenticate", challenge);
    }
    Object seconds = failure.members().get(Failure.RETRY_AFTER);
    return seconds == null ? Map.of() : Map.of("Retry-After", seconds.toString());
  }

  /** Sends it, where the client is still there, and logs a refusal. */
  void send(HttpServerRequest request) {
    if (AuditLog.isRefusal(status)) {
      ClientAddress from = ClientAddress.of(request.remoteAddress());
      AuditLog.refused(status, null, String.valueOf(request.path()), from);
    }
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    headers.forEach(response::putHeader);
    response
        .setStatusCode(status)
        .putHeader("Content-Type", type)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (HttpMethod.HEAD.equals(request.method())) {
      // Vert.x would send the body over HTTP/2.
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      response.putHeader("Content-Length", Integer.toString(length)).end();
    } else {
      response.end(body);
    }
  }
}
