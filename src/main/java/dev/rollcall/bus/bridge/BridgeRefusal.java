package dev.rollcall.bus.bridge;

import dev.rollcall.base.Failure;
import java.util.Locale;

/** Why the bridge refuses a message, in the words of vertx-web's bridge where it has one. */
enum BridgeRefusal {
  INVALID_JSON(400, "a frame holds one JSON object"),
  MISSING_TYPE(400, "the member type is missing, or is not text"),
  INVALID_TYPE(400, "type is send, publish, register, unregister or ping"),
  MISSING_ADDRESS(400, "the member address is missing, or is not text"),
  INVALID_REPLY_ADDRESS(400, "replyAddress is text of 1 to 64 characters"),
  INVALID_HEADERS(400, "headers is an object of at most 50 texts, numbers and booleans"),
  NOT_LOGGED_IN(401, "who sends this is not known; send the header authorization"),
  ACCESS_DENIED(403, "this address is not open to clients, or no reply is awaited there any more"),
  ADDRESS_ALREADY_REGISTERED(409, "this socket listens there already"),
  MAX_HANDLERS_REACHED(429, "this socket has too many handlers and replies that it waits for"),
  TOO_MANY_CREDENTIALS(429, "too many credentials from this address do not hold"),
  INTERNAL_ERROR(500, "internal error"),
  REGISTRATION_FAILURE(503, "the event bus could not register it"),
  TOO_MANY_BYTES(503, "too many bytes of requests are in memory"),
  UNCONFIRMED(503, "who sends this can't be found out now"),
  ENDING(503, "this node is ending");

  private final int code;
  private final String sentence;

  BridgeRefusal(int code, String sentence) {
    this.code = code;
    this.sentence = sentence;
  }

  /** The one that stands for a failure to find out who sends. */
  static BridgeRefusal of(Failure failure) {
    return switch (failure.kind()) {
      case UNAUTHORIZED -> NOT_LOGGED_IN;
      case FORBIDDEN -> ACCESS_DENIED;
      case TOO_MANY_REQUESTS -> TOO_MANY_CREDENTIALS;
      case UNAVAILABLE -> UNCONFIRMED;
      default -> INTERNAL_ERROR;
    };
  }

  int code() {
    return code;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String sentence() {
    return sentence;
  }
}
