package dev.rollcall.bus.bridge;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the opening handshake of a WebSocket (RFC 6455, 4.2.1).
 *
 * <p>Vert.x would accept older drafts as well, of which the oldest has unmasked frames and closes
 * without a reason; and it would answer a bad handshake without a problem document, and log a stack
 * trace.
 */
final class BridgeHandshake {

  private static final String VERSION = "13";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private BridgeHandshake() {}

  static @Nullable Failure fault(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      return Failure.of(Kind.INVALID, "WebSockets are for HTTP/1.1, which is chosen by ALPN");
    }
    if (!request.canUpgradeToWebSocket()) {
      return Failure.of(Kind.INVALID, "this path is for WebSockets");
    }
    if (!request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION).equals(List.of(VERSION))) {
      request.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
      return Failure.of(Kind.INVALID, "Sec-WebSocket-Version must be " + VERSION);
    }
    List<String> keys = request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    return keys.size() == 1 && KEY.matcher(keys.get(0)).matches()
        ? null
        : Failure.of(Kind.INVALID, "Sec-WebSocket-Key must be one value of 16 bytes in base 64");
  }
}
