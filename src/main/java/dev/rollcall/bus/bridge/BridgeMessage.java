package dev.rollcall.bus.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.base.Failure;
import dev.rollcall.wire.Addresses;
import dev.rollcall.wire.JsonInteger;
import dev.rollcall.wire.JsonText;
import dev.rollcall.wire.StrictJson;
import dev.rollcall.wire.WholeNumber;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client of the bridge sends: {@code {"type","address","replyAddress","headers","body"}}, of
 * which a ping has the type alone. Other members are ignored.
 *
 * @param size in bytes
 */
record BridgeMessage(
    Type type, String address, @Nullable String replyAddress, ObjectNode members, int size) {

  /** The header by which a reply says that it is a failure, with the HTTP status of one. */
  static final String FAILURE_CODE = "failure-code";

  /** The member that says where it goes to. */
  static final String ADDRESS = "address";

  private static final String REPLY_ADDRESS = "replyAddress";
  private static final int LONGEST_REPLY_ADDRESS = 64;
  private static final int MOST_HEADERS = 50;
  private static final int LONGEST_NAME = 128;

  /** By how many milliseconds an answer may be late that says itself that it is. */
  private static final long GRACE = 500;

  enum Type {
    SEND,
    PUBLISH,
    REGISTER,
    UNREGISTER,
    PING
  }

  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final BridgeRefusal why;
    private final @Nullable String replyAddress;

    private Refused(BridgeRefusal why, @Nullable String replyAddress, String detail) {
      // No stack: refusing a flood must stay cheap.
      super(detail, null, false, false);
      this.why = why;
      this.replyAddress = replyAddress;
    }

    BridgeRefusal why() {
      return why;
    }

    /** The name under which its sender waits; null where it does not, or that can't be read. */
    @Nullable String replyAddress() {
      return replyAddress;
    }
  }

  /** The refusal of one that there is no room to read. */
  static Refused unread(Buffer text) {
    String replyAddress = JsonText.glance(text, REPLY_ADDRESS);
    return refused(
        BridgeRefusal.TOO_MANY_BYTES,
        replyAddress == null || !isReplyAddress(replyAddress) ? null : replyAddress);
  }

  static BridgeMessage read(Buffer text) throws Refused {
    ObjectNode members = object(text);
    String replyAddress = replyAddress(members);
    String type = members.path("type").textValue();
    if (type == null) {
      throw refused(BridgeRefusal.MISSING_TYPE, replyAddress);
    }
    Type known =
        switch (type) {
          case "send" -> Type.SEND;
          case "publish" -> Type.PUBLISH;
          case "register" -> Type.REGISTER;
          case "unregister" -> Type.UNREGISTER;
          case "ping" -> Type.PING;
          default -> throw refused(BridgeRefusal.INVALID_TYPE, replyAddress);
        };
    String address = members.path(ADDRESS).textValue();
    if (address == null) {
      if (known != Type.PING) {
        throw refused(BridgeRefusal.MISSING_ADDRESS, replyAddress);
      }
      address = "";
    }
    return new BridgeMessage(known, address, replyAddress, members, text.length());
  }

  private static ObjectNode object(Buffer text) throws Refused {
    try {
      if (StrictJson.read(text.getBytes()) instanceof ObjectNode object) {
        return object;
      }
    } catch (Failure e) {
      throw new Refused(BridgeRefusal.INVALID_JSON, null, e.sentence());
    }
    throw refused(BridgeRefusal.INVALID_JSON, null);
  }

  private static @Nullable String replyAddress(ObjectNode members) throws Refused {
    JsonNode given = members.get(REPLY_ADDRESS);
    if (given == null || given.isNull()) {
      return null;
    }
    String text = given.textValue();
    if (text == null || !isReplyAddress(text)) {
      throw refused(BridgeRefusal.INVALID_REPLY_ADDRESS, null);
    }
    return text;
  }

  private static boolean isReplyAddress(String text) {
    return !text.isEmpty() && text.length() <= LONGEST_REPLY_ADDRESS;
  }

  private static Refused refused(BridgeRefusal why, @Nullable String replyAddress) {
    return new Refused(why, replyAddress, why.sentence());
  }

  /** A refusal of this message. */
  Refused refusal(BridgeRefusal why, String sentence) {
    return new Refused(why, replyAddress, sentence);
  }

  /** What its sender says who it is by; null where it does not. */
  @Nullable String credential() throws Refused {
    JsonNode given = members.path("headers");
    for (Map.Entry<String, JsonNode> header : given.properties()) {
      if (Addresses.AUTHORIZATION.equalsIgnoreCase(header.getKey())) {
        if (!header.getValue().isTextual()) {
          throw refused(BridgeRefusal.INVALID_HEADERS, replyAddress);
        }
        return header.getValue().textValue();
      }
    }
    return null;
  }

  JsonNode body() {
    JsonNode body = members.get("body");
    return body == null ? NullNode.instance : body;
  }

  /**
   * The body as it goes onto the bus.
   *
   * @param asText as the text of JSON, in which numbers keep their digits
   */
  @Nullable Object busBody(boolean asText) throws Refused {
    String text = body().toString();
    try {
      return asText ? Buffer.buffer(text) : Json.decodeValue(text);
    } catch (DecodeException e) {
      // The bus' own reader of JSON has limits, such as that of a member's name.
      throw refused(BridgeRefusal.INVALID_JSON, replyAddress);
    }
  }

  /** The body as the message of a failure: text as it is, anything else as JSON. */
  String failureMessage() {
    JsonNode body = body();
    if (body.isNull()) {
      return "";
    }
    return body.isTextual() ? body.textValue() : body.toString();
  }

  /** The headers that pass, and the time for a reply. */
  DeliveryOptions options(Duration replyTimeout) throws Refused {
    MultiMap headers = headers();
    long millis =
        WholeNumber.parse(
            headers.contains(Addresses.DEADLINE_MS) ? headers.get(Addresses.DEADLINE_MS) : "");
    long most = replyTimeout.toMillis();
    return new DeliveryOptions()
        .setHeaders(headers)
        .setSendTimeout(millis < 1 ? most : Math.min(most, millis + GRACE));
  }

  /** A scalar as the text of a header; an integer without fraction, however it is written. */
  private static String text(JsonNode scalar) {
    return JsonInteger.isWithin(scalar, 0, WholeNumber.MAX)
        ? Long.toString(JsonInteger.of(scalar))
        : scalar.asText();
  }

  private MultiMap headers() throws Refused {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    JsonNode given = members.path("headers");
    if (given.isMissingNode() || given.isNull()) {
      return headers;
    }
    if (!given.isObject() || given.size() > MOST_HEADERS) {
      throw refused(BridgeRefusal.INVALID_HEADERS, replyAddress);
    }
    for (Map.Entry<String, JsonNode> header : given.properties()) {
      String name = header.getKey();
      boolean scalar = header.getValue().isValueNode() && !header.getValue().isNull();
      if (name.isEmpty() || name.length() > LONGEST_NAME || !scalar) {
        throw refused(BridgeRefusal.INVALID_HEADERS, replyAddress);
      }
      if (BridgeAddresses.passesIn(address, name)) {
        try {
          headers.add(name, text(header.getValue()));
        } catch (IllegalArgumentException e) {
          throw refused(BridgeRefusal.INVALID_HEADERS, replyAddress);
        }
      }
    }
    return headers;
  }

  /** The code of a reply that is a failure; 0 for one that is none. */
  int failureCode() throws Refused {
    JsonNode code = members.path("headers").path(FAILURE_CODE);
    if (code.isMissingNode()) {
      return 0;
    }
    long number = WholeNumber.parse(text(code));
    if (number < 400 || number > 599) {
      throw new Refused(
          BridgeRefusal.INVALID_HEADERS,
          replyAddress,
          FAILURE_CODE + " is the HTTP status of a failure, from 400 to 599");
    }
    return (int) number;
  }
}
