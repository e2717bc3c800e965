package dev.rollcall.bus.bridge;

import dev.rollcall.wire.BusJson;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages that the bridge sends to its clients, in the form of vertx-web's bridge. */
final class BridgeReply {

  private BridgeReply() {}

  /**
   * The body of a message as JSON; null where JSON has no form for it.
   *
   * @param asText whether a buffer is the text of JSON, since that was asked for
   */
  static @Nullable String body(Message<Object> message, boolean asText) {
    try {
      Object body = message.body();
      if (asText && body instanceof Buffer text) {
        return text.toString();
      }
      if (body instanceof JsonObject object) {
        return object.encode();
      }
      return BusJson.isJson(body) ? Json.encode(body) : null;
    } catch (RuntimeException e) {
      // A codec of other code failed, which can be anything.
      return null;
    }
  }

  /**
   * A message, or a reply.
   *
   * @param address where it was sent, or the name under which the client waits for it
   * @param replyAddress the name under which to answer; null where no answer is wanted
   */
  static String message(
      String address, String body, MultiMap headers, @Nullable String replyAddress) {
    StringBuilder text = new StringBuilder(256).append("{\"type\":\"rec\",\"address\":");
    text.append(Json.encode(address)).append(",\"body\":").append(body);
    if (replyAddress != null) {
      text.append(",\"replyAddress\":").append(Json.encode(replyAddress));
    }
    JsonObject passed = headers(headers);
    if (!passed.isEmpty()) {
      text.append(",\"headers\":").append(passed.encode());
    }
    return text.append('}').toString();
  }

  private static JsonObject headers(MultiMap headers) {
    JsonObject passed = new JsonObject();
    if (headers.isEmpty()) {
      return passed;
    }
    for (String name : headers.names()) {
      if (BridgeAddresses.passesOut(name)) {
        List<String> values = headers.getAll(name);
        passed.put(name, values.size() == 1 ? values.get(0) : new JsonArray(values));
      }
    }
    return passed;
  }

  /** The confirmation of what has no reply of its own. */
  static String done(String replyAddress) {
    return message(replyAddress, "{}", MultiMap.caseInsensitiveMultiMap(), null);
  }

  /** A failure of the bus, or one that was replied. */
  static String failure(String replyAddress, Throwable cause) {
    if (cause instanceof ReplyException failure) {
      return failure(
          replyAddress, failure.failureCode(), failure.failureType().name(), failure.getMessage());
    }
    return failure(replyAddress, 500, "internal error");
  }

  /** A failure of the bridge to deliver a reply. */
  static String failure(String replyAddress, int code, String message) {
    return failure(replyAddress, code, ReplyFailure.ERROR.name(), message);
  }

  private static String failure(
      String replyAddress, int code, String type, @Nullable String message) {
    return new JsonObject()
        .put("type", "err")
        .put("address", replyAddress)
        .put("failureCode", code)
        .put("failureType", type)
        .put("message", message)
        .encode();
  }

  /**
   * A message of the client's that the bridge refuses.
   *
   * @param address the name under which the client waits for a reply; null where it does not
   */
  static String refusal(@Nullable String address, BridgeRefusal why, @Nullable String detail) {
    JsonObject refusal = new JsonObject().put("type", "err");
    if (address != null) {
      refusal.put("address", address);
    }
    return refusal
        .put("body", why.word())
        .put("failureCode", why.code())
        .put("failureType", ReplyFailure.ERROR.name())
        .put("message", detail)
        .encode();
  }
}
