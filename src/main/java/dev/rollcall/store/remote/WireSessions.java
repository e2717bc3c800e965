package dev.rollcall.store.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.access.sessions.EndedSession;
import dev.rollcall.access.sessions.IssuedSession;
import dev.rollcall.access.sessions.SessionUpdates;
import dev.rollcall.access.sessions.SigningKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sessions as they travel between nodes, with times as milliseconds; of keys, the public half
 * alone. Reading throws a {@link RuntimeException} for anything else.
 */
public final class WireSessions {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private WireSessions() {}

  public static ObjectNode encode(IssuedSession issued) {
    return NODES
        .objectNode()
        .put("id", issued.id().toString())
        .put("user", issued.user())
        .put("token", issued.token())
        .put("expiresAt", issued.expiresAt().toEpochMilli())
        .put("refreshToken", issued.refreshToken())
        .put("refreshExpiresAt", issued.refreshExpiresAt().toEpochMilli());
  }

  static IssuedSession issued(JsonNode wire) {
    return new IssuedSession(
        UUID.fromString(WireUsers.text(wire, "id")),
        wire.required("user").longValue(),
        WireUsers.text(wire, "token"),
        time(wire, "expiresAt"),
        WireUsers.text(wire, "refreshToken"),
        time(wire, "refreshExpiresAt"));
  }

  public static ObjectNode encode(SessionUpdates updates) {
    ObjectNode wire = NODES.objectNode().put("revision", updates.revision());
    ArrayNode keys = wire.putArray("keys");
    updates.keys().forEach(key -> keys.add(encode(key)));
    ArrayNode ended = wire.putArray("ended");
    updates
        .ended()
        .forEach(each -> ended.add(each.id().toString()).add(each.until().toEpochMilli()));
    return wire;
  }

  static SessionUpdates updates(JsonNode wire) {
    List<SigningKey> keys = new ArrayList<>();
    wire.required("keys").forEach(key -> keys.add(key(key)));
    List<EndedSession> ended = new ArrayList<>();
    JsonNode all = wire.required("ended");
    for (int i = 0; i + 1 < all.size(); i += 2) {
      ended.add(
          new EndedSession(
              UUID.fromString(all.get(i).textValue()),
              Instant.ofEpochMilli(all.get(i + 1).longValue())));
    }
    return new SessionUpdates(wire.required("revision").longValue(), keys, ended);
  }

  private static ObjectNode encode(SigningKey key) {
    Instant until = key.until();
    return NODES
        .objectNode()
        .put("id", key.id())
        .put("name", key.name())
        .put("publicKey", key.publicKey())
        .put("createdAt", key.createdAt().toEpochMilli())
        .put("usedFrom", key.usedFrom().toEpochMilli())
        .put("until", until == null ? null : Long.valueOf(until.toEpochMilli()));
  }

  private static SigningKey key(JsonNode wire) {
    return new SigningKey(
        wire.required("id").longValue(),
        WireUsers.text(wire, "name"),
        bytes(wire.required("publicKey")),
        new byte[0],
        time(wire, "createdAt"),
        time(wire, "usedFrom"),
        wire.required("until").isNull() ? null : time(wire, "until"));
  }

  private static byte[] bytes(JsonNode text) {
    try {
      byte @Nullable [] bytes = text.binaryValue();
      if (bytes != null) {
        return bytes;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("bytes are in base64", e);
    }
    throw new IllegalArgumentException("bytes are in base64");
  }

  private static Instant time(JsonNode wire, String name) {
    return Instant.ofEpochMilli(wire.required(name).longValue());
  }
}
